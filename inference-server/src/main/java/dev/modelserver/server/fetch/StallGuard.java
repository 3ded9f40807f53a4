package dev.modelserver.server.fetch;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntConsumer;

/**
 * A stream that is closed from outside when nothing has come for a while, because a blocked read
 * has no time limit of its own.
 */
final class StallGuard extends FilterInputStream {

  private final ScheduledExecutorService watch =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("stall-guard").factory());
  private final long end;
  private final long patience;
  private volatile long lastByte = System.nanoTime();
  private final AtomicLong bytes = new AtomicLong();
  private final IntConsumer progress;
  private volatile boolean stalled;
  private volatile boolean late;

  /**
   * Guards a stream.
   *
   * @param patience how long nothing may come
   * @param whole how long all of it may take
   * @param progress receives the number of bytes after each read
   */
  StallGuard(InputStream in, Duration patience, Duration whole, IntConsumer progress) {
    super(in);
    this.progress = progress;
    this.patience = patience.toNanos();
    this.end = System.nanoTime() + whole.toNanos();
    long step = Math.max(1, patience.toMillis() / 10);
    var _ = watch.scheduleAtFixedRate(this::look, step, step, TimeUnit.MILLISECONDS);
  }

  /** Whether it was closed because nothing came, or not all of it in time. */
  boolean stalled() {
    return stalled;
  }

  /** Whether it was closed while it came, because it came for too long. */
  boolean late() {
    return late;
  }

  long bytes() {
    return bytes.get();
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    int read = super.read(buffer, offset, length);
    lastByte = System.nanoTime();
    if (stalled) {
      throw new IOException("the stream stalled");
    }
    if (read > 0) {
      bytes.addAndGet(read);
      progress.accept(read);
    }
    return read;
  }

  @Override
  public void close() throws IOException {
    watch.shutdownNow();
    super.close();
  }

  private void look() {
    long now = System.nanoTime();
    if (now - lastByte > patience || now > end) {
      late = now - lastByte <= patience;
      stalled = true;
      try {
        super.close();
      } catch (IOException e) {
        // the reader learns it from its own read
      }
    }
  }
}
