package dev.modelserver.server.connection;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpContent;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;
import org.jspecify.annotations.Nullable;

/**
 * Passes the pieces of HTTP/1 bodies on to Vert.x, which copies each into an array of its own: it
 * cannot know when who reads it will have done so. A reader that copies every piece itself, at
 * once, says so here, and is then lent the memory that the socket was read into.
 *
 * <p>Used on the event loop of one connection.
 */
public final class BodyPieces {

  /** Less is cheaper to copy than to lend. */
  private static final int MIN_LENT_BYTES = 4 << 10;

  private boolean passing;
  private boolean lending;
  private boolean read;

  BodyPieces() {}

  /** Those of a connection; null where bodies do not come so: HTTP/2. */
  public static @Nullable BodyPieces of(HttpConnection connection) {
    if (connection instanceof ConnectionBase base) {
      Http1Guard guard = base.channel().pipeline().get(Http1Guard.class);
      return guard == null ? null : guard.pieces();
    }
    return null;
  }

  /**
   * Called by the reader of a body with every piece: it has read this one, keeps no reference to
   * it, and will do the same with the next, which it does not hold up.
   */
  public void readAtOnce() {
    // a piece that comes later, out of a queue, says nothing about the next
    if (passing) {
      lending = true;
      read = true;
    }
  }

  /** Another body begins. */
  void next() {
    lending = false;
  }

  void pass(ChannelHandlerContext ctx, HttpContent piece) {
    ByteBuf memory = piece.content();
    boolean lent =
        lending && memory.readableBytes() >= MIN_LENT_BYTES && memory.nioBufferCount() == 1;
    read = false;
    passing = true;
    // memory that belongs to no pool is not copied
    ctx.fireChannelRead(lent ? piece.replace(Unpooled.wrappedBuffer(memory.nioBuffer())) : piece);
    passing = false;
    // unread, somebody may have it yet: rather lost to the pool than given to another connection
    if (lent && read) {
      memory.release();
    }
  }
}
