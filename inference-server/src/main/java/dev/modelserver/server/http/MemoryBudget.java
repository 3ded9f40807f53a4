package dev.modelserver.server.http;

import java.util.concurrent.atomic.AtomicLong;

/** How many bytes all request bodies of the process may hold together, over HTTP and gRPC. */
public final class MemoryBudget {

  /** A quarter of the heap: the rest is for what is made of the bodies. */
  public static final MemoryBudget PROCESS = new MemoryBudget(Runtime.getRuntime().maxMemory() / 4);

  private final long limit;
  private final AtomicLong reserved = new AtomicLong();

  public MemoryBudget(long limit) {
    this.limit = limit;
  }

  /** Takes the bytes, or nothing when that would be too many. */
  public boolean reserve(long bytes) {
    if (reserved.addAndGet(bytes) > limit) {
      reserved.addAndGet(-bytes);
      return false;
    }
    return true;
  }

  /** Bytes that may be reserved together. */
  long limit() {
    return limit;
  }

  /** Ends the reservation of so many bytes. */
  public void giveBack(long bytes) {
    reserved.addAndGet(-bytes);
  }

  long reserved() {
    return reserved.get();
  }
}
