package dev.modelserver.server.http;

import io.vertx.core.buffer.Buffer;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A request body in memory, counted against a budget until it is released. It is filled by one
 * thread; it may be released by any.
 */
public final class Body {

  private static final int FIRST_BYTES = 8192;

  private final MemoryBudget budget;
  private final int maxBytes;
  private final AtomicLong reserved = new AtomicLong();
  private byte[] bytes = {};
  private int length;
  private int announced;

  /** An empty body within the limits of the process. */
  public static Body inProcess() {
    return new Body(MemoryBudget.PROCESS, BodyReader.MAX_BYTES);
  }

  /** A body that is in memory already, and counts against nothing. */
  public static Body of(byte[] bytes) {
    Body body = new Body(new MemoryBudget(0), bytes.length);
    body.bytes = bytes;
    body.length = bytes.length;
    return body;
  }

  Body(MemoryBudget budget, int maxBytes) {
    this.budget = budget;
    this.maxBytes = maxBytes;
  }

  /** Adds bytes, together at most the maximum; false when the budget has no more. */
  boolean append(Buffer chunk) {
    int needed = length + chunk.length();
    if (needed > bytes.length) {
      int capacity = capacity(needed);
      int more = capacity - bytes.length;
      if (!reserve(more)) {
        return false;
      }
      bytes = Arrays.copyOf(bytes, capacity);
    }
    var _ = chunk.getBytes(bytes, length);
    length = needed;
    return true;
  }

  /**
   * Exactly as announced for what came in one piece and once a quarter has come: before that, who
   * announces much and sends little holds little memory.
   */
  private int capacity(int needed) {
    if (needed <= announced && announced <= 4L * needed) {
      return announced;
    }
    return Math.max(needed, (int) Math.min(maxBytes, Math.max(FIRST_BYTES, 2L * bytes.length)));
  }

  /** Says how many bytes will come, at most the maximum; they need not. */
  void announce(int length) {
    announced = length;
  }

  /** The bytes themselves, no copy; only the first {@link #length} are the body's. */
  public byte[] bytes() {
    return bytes;
  }

  /** Bytes received. */
  public int length() {
    return length;
  }

  /** Bytes that all bodies of the process, and what is made of them, may hold together. */
  public long budgetBytes() {
    return budget.limit();
  }

  /**
   * Counts memory that is made of this body against its budget until {@link #release}.
   *
   * @return false, and nothing is counted, when the budget has no more
   */
  public boolean reserve(long more) {
    if (!budget.reserve(more)) {
      return false;
    }
    reserved.addAndGet(more);
    return true;
  }

  /** Gives the memory back to the budget; the body must not be read after this. */
  public void release() {
    budget.giveBack(reserved.getAndSet(0));
  }
}
