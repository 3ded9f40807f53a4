package dev.modelserver.server.connection;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Stands between the codec and Vert.x on an HTTP/1 connection. What is not HTTP gets an answer in
 * JSON and the connection is closed; a client that sends requests faster than it reads answers is
 * not read from, so that neither side of the queue grows.
 */
final class Http1Guard extends ChannelDuplexHandler {

  /** Requests of one connection that may wait for their answers. */
  static final int MAX_PIPELINED = 32;

  /** Pieces in which a body may come whatever their size. */
  static final int MAX_CHUNKS = 16 << 10;

  /** What the pieces must have on average when they are more; a chunk may be read in two. */
  static final int MIN_CHUNK_BYTES = 32;

  private static final Duration LINGER = Duration.ofSeconds(1);

  private final StrictRequestDecoder decoder = new StrictRequestDecoder(this);
  private final BodyPieces pieces = new BodyPieces();
  private @Nullable ChannelHandlerContext context;
  private int unanswered;
  private boolean first = true;
  private boolean inBody;
  private int chunks;
  private long chunkBytes;
  private boolean held;
  private boolean broken;
  private @Nullable Refusal refusal;

  /** Answers that go out before the refusal does. */
  private int refuseAt;

  /** The decoder that stands before this guard. */
  StrictRequestDecoder decoder() {
    return decoder;
  }

  /** How bodies of this connection are passed on. */
  BodyPieces pieces() {
    return pieces;
  }

  /** Whether no further request should be taken now. */
  boolean full() {
    ChannelHandlerContext ctx = context;
    return unanswered >= MAX_PIPELINED || (ctx != null && !ctx.channel().isWritable());
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    if (broken || refusal != null) {
      ReferenceCountUtil.release(msg);
      return;
    }
    Refusal fault = fault(msg);
    if (fault != null) {
      ReferenceCountUtil.release(msg);
      refuse(fault);
      return;
    }
    if (msg instanceof HttpRequest request) {
      if (first) {
        // no other protocol is spoken from here on; a proxy must not be talked into letting one by
        request.headers().remove(HttpHeaderNames.UPGRADE);
        first = false;
      }
      unanswered++;
      inBody = true;
      chunks = 0;
      chunkBytes = 0;
      pieces.next();
    }
    if (msg instanceof LastHttpContent) {
      inBody = false;
    }
    if (msg instanceof HttpContent content) {
      pieces.pass(ctx, content);
    } else {
      ctx.fireChannelRead(msg);
    }
  }

  private @Nullable Refusal fault(Object msg) {
    if (msg instanceof HttpRequest request) {
      Refusal coding = transferCoding(request);
      if (request.decoderResult().isSuccess()) {
        return coding;
      }
      Refusal fault = Refusal.of(request.decoderResult().cause());
      return fault == Refusal.NOT_HTTP && coding != null ? coding : fault;
    }
    if (!(msg instanceof HttpContent content)) {
      return null;
    }
    if (content.decoderResult().isFailure()) {
      return Refusal.NOT_HTTP;
    }
    chunks++;
    chunkBytes += content.content().readableBytes();
    return chunks > MAX_CHUNKS && chunkBytes < (long) chunks * MIN_CHUNK_BYTES
        ? Refusal.SMALL_CHUNKS
        : null;
  }

  /** Any other coding than chunks leaves open where the request ends. */
  private static @Nullable Refusal transferCoding(HttpRequest request) {
    if (request.headers().get(HttpHeaderNames.TRANSFER_ENCODING) == null) {
      return null;
    }
    List<String> codings = request.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING);
    return codings.size() == 1
            && HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(codings.getFirst().strip())
            && request.protocolVersion().equals(HttpVersion.HTTP_1_1)
        ? null
        : Refusal.TRANSFER_CODING;
  }

  /** Gives the connection up: answers once all earlier requests are answered, then closes. */
  void refuse(Refusal why) {
    if (broken || refusal != null) {
      return;
    }
    refusal = why;
    // a request that is still being received is the last of the unanswered, and it is this one
    refuseAt = inBody && unanswered > 0 ? 1 : 0;
    if (inBody && unanswered == 0) {
      close();
    } else if (unanswered == refuseAt) {
      giveUp(why);
    }
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
    if (broken) {
      ReferenceCountUtil.release(msg);
      promise.tryFailure(new ClosedChannelException());
      return;
    }
    var _ = ctx.write(msg, promise);
    if (msg instanceof LastHttpContent && !interim(msg)) {
      unanswered--;
      Refusal due = refusal;
      if (due != null && unanswered == refuseAt) {
        giveUp(due);
      } else {
        release(ctx);
      }
    }
  }

  private static boolean interim(Object msg) {
    return msg instanceof HttpResponse response
        && response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
  }

  @Override
  public void read(ChannelHandlerContext ctx) {
    if (broken || inBody) {
      ctx.read();
    } else if (full()) {
      held = true;
    } else if (decoder.keepsBack()) {
      ctx.executor().execute(() -> readOn(ctx));
    } else {
      ctx.read();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    ctx.fireChannelWritabilityChanged();
    release(ctx);
  }

  /** Reads on when there was enough and now there is not. */
  private void release(ChannelHandlerContext ctx) {
    if (held && !full()) {
      held = false;
      // not at once: this is called in the middle of an answer
      ctx.executor().execute(() -> readOn(ctx));
    }
  }

  private void readOn(ChannelHandlerContext ctx) {
    try {
      decoder.resume(ctx.pipeline().context(decoder));
    } catch (Exception e) {
      ctx.fireExceptionCaught(e);
    }
    ctx.pipeline().read();
  }

  private void giveUp(Refusal why) {
    broken = true;
    ChannelHandlerContext ctx = context;
    if (ctx != null) {
      var _ = ctx.writeAndFlush(why.answer()).addListener(sent -> linger(ctx));
    }
  }

  /**
   * Closes this side only and lets the rest of the request go by for a moment: closing at once
   * would reset the connection and with it the answer.
   */
  static void linger(ChannelHandlerContext ctx) {
    SslHandler tls = ctx.pipeline().get(SslHandler.class);
    if (tls != null) {
      // says that the answer is whole
      var _ = tls.closeOutbound();
    }
    if (ctx.channel() instanceof DuplexChannel channel) {
      var _ = channel.shutdownOutput();
      channel.config().setAutoRead(true);
      var _ =
          channel
              .eventLoop()
              .schedule(() -> closeNow(channel), LINGER.toMillis(), TimeUnit.MILLISECONDS);
    } else {
      var _ = ctx.close();
    }
  }

  private static void closeNow(Channel channel) {
    var _ = channel.close();
  }

  private void close() {
    broken = true;
    ChannelHandlerContext ctx = context;
    if (ctx != null) {
      var _ = ctx.close();
    }
  }
}
