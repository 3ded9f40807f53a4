package dev.modelserver.server.connection;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Ends an HTTP/2 connection whose client begins a header block, or the connection preface, and does
 * not end it in time: no other frame may come before its end, and no other time limit runs until
 * then. It reads over the frames without changing them, and leaves a connection that does not begin
 * with the preface of HTTP/2. What a header block may hold is limited by Netty's own reader.
 */
final class Http2HeaderTimeout extends ChannelInboundHandlerAdapter {

  private static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private static final int FRAME_HEADER_BYTES = 9;
  private static final int HEADERS = 1;
  private static final int CONTINUATION = 9;
  private static final int END_HEADERS = 4;

  /** How long a client that reads nothing may keep the last frame from being sent. */
  private static final long LINGER_SECONDS = 1;

  private int prefaceBytes;
  private int frameHeaderBytes;
  private int length;
  private int type;
  private int flags;

  /** What is still to come of a frame after its header. */
  private int payload;

  private boolean inBlock;

  /** Whether a block, or the preface, ended in what was read last. */
  private boolean ended;

  private boolean expired;
  private @Nullable Future<?> timer;

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    if (expired) {
      ReferenceCountUtil.release(msg);
      return;
    }
    if (msg instanceof ByteBuf bytes) {
      ended = false;
      if (!read(bytes)) {
        ctx.pipeline().remove(this);
      } else {
        watch(ctx);
      }
    }
    ctx.fireChannelRead(msg);
  }

  /** Reads over the bytes; returns whether they can be HTTP/2. */
  private boolean read(ByteBuf bytes) {
    int at = bytes.readerIndex();
    int end = bytes.writerIndex();
    for (; at < end && prefaceBytes < PREFACE.length; at++) {
      if (bytes.getByte(at) != PREFACE[prefaceBytes++]) {
        return false;
      }
      ended = prefaceBytes == PREFACE.length;
    }
    while (at < end) {
      if (payload > 0) {
        int here = Math.min(payload, end - at);
        payload -= here;
        at += here;
      } else {
        frameHeader(bytes.getUnsignedByte(at++));
      }
      if (payload == 0 && frameHeaderBytes == 0) {
        endFrame();
      }
    }
    return true;
  }

  /** RFC 9113, section 4.1: three bytes of length, type, flags, four of the stream. */
  private void frameHeader(int value) {
    switch (frameHeaderBytes++) {
      case 0 -> length = value << 16;
      case 1 -> length |= value << 8;
      case 2 -> length |= value;
      case 3 -> type = value;
      case 4 -> flags = value;
      default -> {}
    }
    if (frameHeaderBytes == FRAME_HEADER_BYTES) {
      frameHeaderBytes = 0;
      payload = length;
      inBlock |= type == HEADERS;
    }
  }

  private void endFrame() {
    if ((type == HEADERS || type == CONTINUATION) && (flags & END_HEADERS) != 0) {
      inBlock = false;
      ended = true;
    }
  }

  private void watch(ChannelHandlerContext ctx) {
    if (ended) {
      stopTimer();
    }
    if ((inBlock || prefaceBytes < PREFACE.length) && timer == null) {
      timer =
          ctx.executor()
              .schedule(
                  () -> expire(ctx),
                  StrictRequestDecoder.HEAD_TIMEOUT.toSeconds(),
                  TimeUnit.SECONDS);
    }
  }

  private void expire(ChannelHandlerContext ctx) {
    timer = null;
    expired = true;
    if (ctx.pipeline().get(Http2ConnectionHandler.class) == null) {
      // so far it may as well be a request of HTTP/1 that begins like the preface
      var _ =
          ctx.writeAndFlush(Refusal.SLOW_HEAD.bytes()).addListener(sent -> Http1Guard.linger(ctx));
      return;
    }
    Refusal.SLOW_HEAD.count();
    ctx.fireExceptionCaught(
        Http2Exception.connectionError(
            Http2Error.ENHANCE_YOUR_CALM, "%s", Refusal.SLOW_HEAD.message()));
    var _ = ctx.executor().schedule(() -> closeNow(ctx), LINGER_SECONDS, TimeUnit.SECONDS);
  }

  private static void closeNow(ChannelHandlerContext ctx) {
    var _ = ctx.close();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    stopTimer();
    ctx.fireChannelInactive();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    stopTimer();
  }

  private void stopTimer() {
    Future<?> pending = timer;
    if (pending != null) {
      pending.cancel(false);
      timer = null;
    }
  }
}
