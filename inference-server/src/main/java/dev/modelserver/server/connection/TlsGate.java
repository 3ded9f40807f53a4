package dev.modelserver.server.connection;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.channel.PendingWriteQueue;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The first handler of a connection on a port with TLS: by the first byte it tells a handshake from
 * anything else, and leaves. What the port writes before that, as gRPC does its settings, waits.
 */
final class TlsGate extends ChannelDuplexHandler {

  /** Of the gate, in a pipeline. */
  static final String NAME = "gate";

  /** From the first byte to the end of the handshake; on a strict port to the first byte too. */
  static final Duration HANDSHAKE_TIMEOUT = Duration.ofSeconds(10);

  /** The type of a record of the handshake (RFC 8446, section 5.1): no request begins so. */
  private static final int HANDSHAKE = 22;

  private final TlsPort port;
  private @Nullable Future<?> timer;
  private @Nullable PendingWriteQueue writes;
  private boolean refused;

  TlsGate(TlsPort port) {
    this.port = port;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    writes = new PendingWriteQueue(ctx);
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
    PendingWriteQueue waiting = writes;
    if (waiting == null) {
      var _ = ctx.write(msg, promise);
    } else {
      waiting.add(msg, promise);
    }
  }

  /** With what waits, by {@link #writeOn}. */
  @Override
  public void flush(ChannelHandlerContext ctx) {}

  private void writeOn(ChannelHandlerContext ctx) {
    PendingWriteQueue waiting = writes;
    if (waiting != null) {
      var _ = waiting.removeAndWriteAll();
      ctx.flush();
    }
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    if (port.strict()) {
      timer =
          ctx.executor()
              .schedule(() -> closeNow(ctx), HANDSHAKE_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
    }
    ctx.fireChannelActive();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    if (refused || !(msg instanceof ByteBuf bytes) || !bytes.isReadable()) {
      ReferenceCountUtil.release(msg);
      return;
    }
    stopTimer();
    if (bytes.getUnsignedByte(bytes.readerIndex()) == HANDSHAKE) {
      encrypt(ctx, bytes);
    } else if (port.strict()) {
      refused = true;
      bytes.release();
      var _ =
          ctx.writeAndFlush(Refusal.TLS_REQUIRED.bytes())
              .addListener(sent -> Http1Guard.linger(ctx));
    } else {
      port.plainConnections().increment();
      writeOn(ctx);
      ctx.pipeline().remove(this);
      ctx.fireChannelRead(bytes);
    }
  }

  private void encrypt(ChannelHandlerContext ctx, ByteBuf bytes) {
    SslContext context = port.context();
    if (context == null) {
      refused = true;
      bytes.release();
      closeNow(ctx);
      return;
    }
    SslHandler tls = context.newHandler(ctx.alloc());
    tls.setHandshakeTimeoutMillis(HANDSHAKE_TIMEOUT.toMillis());
    ChannelPipeline pipeline = ctx.pipeline();
    pipeline.addBefore(ctx.name(), TlsPort.HANDLER, tls);
    writeOn(ctx);
    pipeline.replace(this, "handshake", new Handshake());
    // from the beginning: the new handler is the first one
    pipeline.fireChannelRead(bytes);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    stopTimer();
    ctx.fireChannelInactive();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    stopTimer();
    PendingWriteQueue waiting = writes;
    if (waiting != null) {
      waiting.removeAndFailAll(new ClosedChannelException());
    }
  }

  private void stopTimer() {
    Future<?> pending = timer;
    if (pending != null) {
      pending.cancel(false);
      timer = null;
    }
  }

  private static void closeNow(ChannelHandlerContext ctx) {
    var _ = ctx.close();
  }

  /**
   * Stands in the pipeline of a listening port and puts the gate into each connection before the
   * port's own handlers are there: Netty passes by a handler that is added after them and before
   * the connection is registered, and gRPC writes its settings in that time.
   */
  static final class Installer extends ChannelInboundHandlerAdapter {

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
      TlsPort port = TlsPort.of(ctx.channel());
      if (port != null && msg instanceof Channel connection) {
        connection.pipeline().addFirst(NAME, new TlsGate(port));
      }
      ctx.fireChannelRead(msg);
    }
  }

  /** Until the handshake is over: what goes wrong in it is counted, and nobody else's concern. */
  private static final class Handshake extends ChannelInboundHandlerAdapter {

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
      if (!(event instanceof SslHandshakeCompletionEvent completion)) {
        ctx.fireUserEventTriggered(event);
      } else if (completion.isSuccess()) {
        ctx.pipeline().remove(this);
      } else {
        Refusal.TLS_HANDSHAKE.count();
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      closeNow(ctx);
    }
  }
}
