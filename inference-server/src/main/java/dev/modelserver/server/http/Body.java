package dev.modelserver.server.http;

import dev.modelserver.server.inference.InputMemory;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A request body in memory, counted against a budget until it is released and no run reads it. It
 * is filled by one thread; it may be released by any.
 *
 * <p>A body of a head and tensors behind it may lie outside the heap, with the first tensor where
 * the runtime can read it in place.
 */
public final class Body implements InputMemory {

  private static final int FIRST_BYTES = 8192;

  /** Smaller bodies are cheaper to copy than to keep outside the heap. */
  private static final int MIN_DIRECT_BYTES = 64 << 10;

  /** So much is taken outside the heap for what was announced, before any of it came. */
  private static final int TRUSTED_BYTES = 1 << 20;

  private final MemoryBudget budget;
  private final DirectMemory memory;
  private final int maxBytes;
  private final AtomicLong reserved = new AtomicLong();
  private final AtomicInteger readers = new AtomicInteger(1);
  private final AtomicBoolean released = new AtomicBoolean();
  private byte[] bytes = {};
  private @Nullable AlignedBytes outside;
  private int length;
  private int announced;

  /** An empty body within the limits of the process. */
  public static Body inProcess() {
    return new Body(MemoryBudget.PROCESS, DirectMemory.PROCESS, BodyReader.MAX_BYTES);
  }

  /** A body that is in memory already; neither it nor what is made of it is limited. */
  public static Body of(byte[] bytes) {
    Body body = new Body(new MemoryBudget(Long.MAX_VALUE), DirectMemory.PROCESS, bytes.length);
    body.bytes = bytes;
    body.length = bytes.length;
    return body;
  }

  Body(MemoryBudget budget, DirectMemory memory, int maxBytes) {
    this.budget = budget;
    this.memory = memory;
    this.maxBytes = maxBytes;
  }

  /** Says how many bytes will come, at most the maximum; they need not. */
  void announce(int length) {
    announced = length;
  }

  /** The same, for tensors behind a head of so many bytes. */
  void announceTensors(int length, int head) {
    announced = length;
    outside = length >= MIN_DIRECT_BYTES ? new AlignedBytes(memory, head) : null;
  }

  /** Adds bytes, together at most the maximum; false when there is no memory for them. */
  boolean append(Buffer chunk) {
    int needed = length + chunk.length();
    AlignedBytes place = outside;
    if (place == null ? !grow(needed) : !grow(place, needed)) {
      return false;
    }
    if (place == null) {
      var _ = chunk.getBytes(bytes, length);
    } else {
      place.put(length, chunk);
    }
    length = needed;
    return true;
  }

  private boolean grow(int needed) {
    if (needed > bytes.length) {
      int capacity = capacity(needed, bytes.length);
      if (!reserve(capacity - bytes.length)) {
        return false;
      }
      bytes = Arrays.copyOf(bytes, capacity);
    }
    return true;
  }

  private boolean grow(AlignedBytes place, int needed) {
    if (place.holds(needed)) {
      return true;
    }
    int before = place.capacity();
    int wanted =
        announced <= TRUSTED_BYTES ? Math.max(announced, needed) : capacity(needed, before);
    int asked = place.capacityFor(wanted);
    if (!reserve(asked) || !place.grow(length, wanted)) {
      return false;
    }
    // memory that is used again may be larger than was asked for
    int extra = place.capacity() - asked - before;
    reserved.addAndGet(extra);
    budget.giveBack(-extra);
    return true;
  }

  /**
   * Exactly as announced for what came in one piece and once a quarter has come: before that, who
   * announces much and sends little holds little memory.
   */
  private int capacity(int needed, int before) {
    if (needed <= announced && announced <= 4L * needed) {
      return announced;
    }
    return Math.max(needed, (int) Math.min(maxBytes, Math.max(FIRST_BYTES, 2L * before)));
  }

  /**
   * All bytes; only the first {@link #length} are the body's. No copy where they are on the heap.
   */
  public byte[] bytes() {
    return head(length);
  }

  /** At least so many of the first bytes; no copy where they are on the heap. */
  public byte[] head(int count) {
    AlignedBytes place = outside;
    return place == null || length == 0 ? bytes : place.head(count);
  }

  /** The bytes from a position on, no copy; {@link #retain} says for how long they are there. */
  public ByteBuffer from(int position) {
    AlignedBytes place = outside;
    return place == null || length == 0
        ? ByteBuffer.wrap(bytes, position, length - position).slice()
        : place.slice(position, length - position);
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

  /** The caller has its answer: who has not retained the body must not read it any more. */
  public void release() {
    if (released.compareAndSet(false, true)) {
      letGo();
    }
  }

  @Override
  public boolean retain() {
    return readers.getAndUpdate(count -> count == 0 ? 0 : count + 1) > 0;
  }

  @Override
  public void letGo() {
    if (readers.decrementAndGet() == 0) {
      budget.giveBack(reserved.getAndSet(0));
      AlignedBytes place = outside;
      if (place != null) {
        place.giveBack();
      }
    }
  }
}
