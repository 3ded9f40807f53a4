package dev.modelserver.server.http;

import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;

/**
 * Bytes of one body in memory outside the heap, placed so that the runtime can read the first
 * tensor behind the body's head where it lies.
 */
final class AlignedBytes {

  /** Of the first tensor, in bytes: more than any number needs. */
  private static final int ALIGNMENT = 64;

  private final DirectMemory memory;
  private final int padding;
  private ByteBuffer place = ByteBuffer.allocate(0);

  /**
   * Begins with nothing.
   *
   * @param head bytes before the first tensor
   */
  AlignedBytes(DirectMemory memory, int head) {
    this.memory = memory;
    this.padding = (ALIGNMENT - head % ALIGNMENT) % ALIGNMENT;
  }

  /** Memory that is held, in bytes. */
  int capacity() {
    return place.capacity();
  }

  /** Memory that is asked for, to hold so many bytes of the body. */
  int capacityFor(int length) {
    return DirectMemory.rounded(padding + length);
  }

  /** Whether there is room for so many bytes of the body. */
  boolean holds(int length) {
    return padding + length <= place.capacity();
  }

  /**
   * Makes room.
   *
   * @param length bytes there are, which stay
   * @param wanted bytes there will be
   * @return false, and nothing has changed, when the process has no more memory
   */
  boolean grow(int length, int wanted) {
    ByteBuffer more = memory.take(capacityFor(wanted));
    if (more == null) {
      return false;
    }
    if (length > 0) {
      more.put(0, place, 0, padding + length);
    }
    giveBack();
    place = more;
    return true;
  }

  /** Copies bytes to a position of the body. */
  @SuppressWarnings("deprecation") // the one way out of a buffer without a copy between
  void put(int position, Buffer chunk) {
    var _ = chunk.getByteBuf().getBytes(0, place.slice(padding + position, chunk.length()));
  }

  /** A copy of the first bytes of the body. */
  byte[] head(int count) {
    byte[] copy = new byte[count];
    place.get(padding, copy);
    return copy;
  }

  /** Bytes of the body, no copy. */
  ByteBuffer slice(int position, int length) {
    return place.slice(padding + position, length);
  }

  /** Nobody reads them any more. */
  void giveBack() {
    if (place.isDirect()) {
      memory.giveBack(place);
    }
  }
}
