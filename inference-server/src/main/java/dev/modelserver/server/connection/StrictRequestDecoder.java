package dev.modelserver.server.connection;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.AsciiString;
import io.vertx.core.http.impl.headers.HeadersMultiMap;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Vert.x's decoder of HTTP/1 requests, with less patience: what other programs read in other ways
 * is an error (RFC 9112: a length beside chunks, two Host headers, folded headers, more than a size
 * before a chunk), a head must arrive within a time, and no further request is decoded while the
 * guard says that enough are waiting.
 */
final class StrictRequestDecoder extends HttpRequestDecoder {

  static final int MAX_LINE_BYTES = 8 << 10;
  static final int MAX_HEADER_BYTES = 20 << 10;
  static final Duration HEAD_TIMEOUT = Duration.ofSeconds(20);

  /** A piece of a body that is passed on at once; as much as is read from a socket at once. */
  private static final int MAX_CHUNK_BYTES = 64 << 10;

  private final Http1Guard guard;
  private final ChunkSizes chunkSizes = new ChunkSizes();
  private final FoldedFields foldedFields = new FoldedFields();
  private boolean inHead;
  private boolean inBody;
  private boolean chunked;
  private int hosts;
  private boolean progressed;
  private boolean keptBack;

  /** Whether the client is in the middle of a head. */
  private boolean waiting;

  private @Nullable Future<?> timer;

  StrictRequestDecoder(Http1Guard guard) {
    super(
        new HttpDecoderConfig()
            .setMaxInitialLineLength(MAX_LINE_BYTES)
            .setMaxHeaderSize(MAX_HEADER_BYTES)
            .setMaxChunkSize(MAX_CHUNK_BYTES));
    this.guard = guard;
  }

  /** A transfer coding that leaves open where the request ends. */
  static final class TransferCodingException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;
  }

  /** A second Host header: which of them counts is open to doubt. */
  static final class SecondHostException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) throws Exception {
    progressed = false;
    super.channelRead(ctx, msg);
    waiting = !inBody && (inHead || !progressed || actualReadableBytes() > 0) && !guard.full();
    if (progressed) {
      stopTimer();
    }
    if (waiting && timer == null) {
      timer = ctx.executor().schedule(() -> check(ctx), HEAD_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
    }
  }

  /** Whether there are bytes that were read and not decoded, because the guard was full. */
  boolean keepsBack() {
    return keptBack;
  }

  /** Goes on with the bytes that were kept back. */
  void resume(ChannelHandlerContext ctx) throws Exception {
    if (keptBack) {
      channelRead(ctx, Unpooled.EMPTY_BUFFER);
      channelReadComplete(ctx);
    }
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
    keptBack = !inHead && !inBody && guard.full();
    if (keptBack) {
      return;
    }
    int before = out.size();
    int from = in.readerIndex();
    boolean fields = !inBody || chunkSizes.ended();
    boolean first = !inBody && !inHead;
    super.decode(ctx, in, out);
    if (!fields) {
      if (chunked && !chunkSizes.read(in, from, in.readerIndex())) {
        guard.refuse(Refusal.CHUNK_SIZE);
      }
    } else if (valid(out, before) && foldedFields.in(in, from, in.readerIndex(), first)) {
      guard.refuse(Refusal.FOLDED_HEADER);
    }
    for (int i = before; i < out.size(); i++) {
      progressed = true;
      if (out.get(i) instanceof HttpRequest request) {
        inHead = false;
        inBody = true;
        chunked = request.headers().contains(HttpHeaderNames.TRANSFER_ENCODING);
        chunkSizes.next();
      }
      if (out.get(i) instanceof LastHttpContent) {
        inBody = false;
      }
    }
  }

  /** Of what is not valid the decoder has skipped everything, not lines of a head alone. */
  private static boolean valid(List<Object> out, int before) {
    return out.size() == before
        || !(out.get(before) instanceof HttpRequest request)
        || request.decoderResult().isSuccess();
  }

  @Override
  protected HttpMessage createMessage(String[] initialLine) {
    inHead = true;
    hosts = 0;
    HttpVersion version =
        switch (initialLine[2]) {
          case "HTTP/1.1" -> HttpVersion.HTTP_1_1;
          case "HTTP/1.0" -> HttpVersion.HTTP_1_0;
          default -> throw new IllegalArgumentException("version");
        };
    return new DefaultHttpRequest(
        version, HttpMethod.valueOf(initialLine[0]), initialLine[1], HeadersMultiMap.httpHeaders());
  }

  @Override
  protected AsciiString splitHeaderName(byte[] line, int start, int length) {
    if (length == 0) {
      throw new IllegalArgumentException("a header without a name");
    }
    if (host(line, start, length) && ++hosts > 1) {
      throw new SecondHostException();
    }
    return super.splitHeaderName(line, start, length);
  }

  private static boolean host(byte[] line, int start, int length) {
    return length == 4
        && (line[start] | 0x20) == 'h'
        && (line[start + 1] | 0x20) == 'o'
        && (line[start + 2] | 0x20) == 's'
        && (line[start + 3] | 0x20) == 't';
  }

  @Override
  protected boolean isContentAlwaysEmpty(HttpMessage msg) {
    return false;
  }

  @Override
  protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
    throw new TransferCodingException();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) throws Exception {
    stopTimer();
    super.channelInactive(ctx);
  }

  private void stopTimer() {
    Future<?> pending = timer;
    if (pending != null) {
      pending.cancel(false);
      timer = null;
    }
  }

  private void check(ChannelHandlerContext ctx) {
    timer = null;
    if (!waiting || !ctx.channel().isActive()) {
      return;
    }
    if (inHead || actualReadableBytes() > 0) {
      guard.refuse(Refusal.SLOW_HEAD);
    } else {
      // empty lines and nothing else: there is no request to answer
      var _ = ctx.close();
    }
  }
}
