package dev.modelserver.server.connection;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * Gives small buffers outside the heap more room than was asked for. The codec sizes the buffer of
 * an answer by its head and adds the body where there is room left: then the answer is one buffer
 * and one plain write, instead of two buffers, a copy and a gathering write.
 */
final class RoomyAllocator extends AbstractByteBufAllocator {

  /** A head with the answer to some rows, in bytes. */
  private static final int ROOM = 1024;

  private final ByteBufAllocator pool;

  RoomyAllocator(ByteBufAllocator pool) {
    super(true);
    this.pool = pool;
  }

  @Override
  protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
    return pool.heapBuffer(initialCapacity, maxCapacity);
  }

  @Override
  protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
    return pool.directBuffer(Math.min(maxCapacity, Math.max(ROOM, initialCapacity)), maxCapacity);
  }

  @Override
  public boolean isDirectBufferPooled() {
    return pool.isDirectBufferPooled();
  }
}
