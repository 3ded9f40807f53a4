package dev.modelserver.server.http;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Memory outside the heap that is used again: large bodies come at a rate at which making and
 * clearing it anew would cost more than reading them.
 */
final class DirectMemory {

  /** Half of what bodies may hold; what is more is left to the garbage collector. */
  static final DirectMemory PROCESS = new DirectMemory(MemoryBudget.PROCESS.limit() / 2);

  private static final int STEP = 64 << 10;

  private final long maxIdle;
  private final IntFunction<ByteBuffer> source;
  private final ArrayDeque<ByteBuffer> idle = new ArrayDeque<>();
  private long idleBytes;

  /**
   * Begins with nothing.
   *
   * @param maxIdle bytes that are kept for later
   */
  DirectMemory(long maxIdle) {
    this(maxIdle, ByteBuffer::allocateDirect);
  }

  DirectMemory(long maxIdle, IntFunction<ByteBuffer> source) {
    this.maxIdle = maxIdle;
    this.source = source;
  }

  /** How much is worth taking for so many bytes, so that others can use it again. */
  static int rounded(int bytes) {
    return Math.multiplyExact((bytes - 1) / STEP + 1, STEP);
  }

  /**
   * At least so many bytes of any content, at most twice as many; null when the process may have no
   * more.
   */
  @Nullable ByteBuffer take(int bytes) {
    synchronized (idle) {
      for (Iterator<ByteBuffer> each = idle.iterator(); each.hasNext(); ) {
        ByteBuffer known = each.next();
        if (known.capacity() >= bytes && known.capacity() / 2 <= bytes) {
          each.remove();
          idleBytes -= known.capacity();
          return known.clear();
        }
      }
    }
    try {
      return source.apply(bytes);
    } catch (OutOfMemoryError e) {
      // of memory outside the heap, which tensors take too: other requests go on
      return null;
    }
  }

  /** Takes memory back that nobody reads any more. */
  void giveBack(ByteBuffer memory) {
    if (memory.capacity() > maxIdle) {
      return;
    }
    synchronized (idle) {
      // the oldest goes: what is of no use any more must not keep out what is
      while (idleBytes + memory.capacity() > maxIdle) {
        idleBytes -= idle.removeLast().capacity();
      }
      idle.addFirst(memory);
      idleBytes += memory.capacity();
    }
  }
}
