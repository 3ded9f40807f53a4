package dev.modelserver.server.crash;

import dev.modelserver.server.model.Digest;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * The digests of the runs under way, in a memory-mapped file: what is written there outlives the
 * process however it ends. A slot is a number, 0 when it is free, and a digest.
 */
final class RunningRequests {

  static final String FILE = "running";

  /** More than threads that may run a model. */
  private static final int SLOTS = 1024;

  private static final int DIGEST_BYTES = 32;
  private static final int SLOT_BYTES = Long.BYTES + DIGEST_BYTES;
  private static final int BYTES = SLOTS * SLOT_BYTES;
  private static final ValueLayout.OfLong STATE = ValueLayout.JAVA_LONG;

  private final MemorySegment memory;
  private final BlockingQueue<Integer> free = new LinkedBlockingQueue<>();

  private RunningRequests(MemorySegment memory) {
    this.memory = memory;
    for (int slot = 0; slot < SLOTS; slot++) {
      free.add(slot);
    }
  }

  /**
   * Begins an empty file, all of it on the disk: a page that cannot be written ends the process.
   */
  static RunningRequests create(Path directory) throws IOException {
    Path file = directory.resolve(FILE);
    Files.write(file, new byte[BYTES]);
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      return new RunningRequests(
          channel.map(FileChannel.MapMode.READ_WRITE, 0, BYTES, Arena.global()));
    }
  }

  /** What a process before this one was running at its end. */
  static List<Digest> left(Path directory) throws IOException {
    Path file = directory.resolve(FILE);
    List<Digest> running = new ArrayList<>();
    if (Files.isRegularFile(file) && Files.size(file) == BYTES) {
      ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
      for (int slot = 0; slot < SLOTS; slot++) {
        if (bytes.getLong(slot * SLOT_BYTES) != 0) {
          byte[] hash = new byte[DIGEST_BYTES];
          bytes.get(slot * SLOT_BYTES + Long.BYTES, hash);
          running.add(Digest.from(hash));
        }
      }
    }
    return running;
  }

  /** Notes a run that begins; the slot is to be given back. */
  int begin(Digest run) {
    int slot;
    try {
      slot = free.take();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted before a run", e);
    }
    MemorySegment.copy(
        HexFormat.of().parseHex(run.hex()),
        0,
        memory,
        ValueLayout.JAVA_BYTE,
        (long) slot * SLOT_BYTES + Long.BYTES,
        DIGEST_BYTES);
    STATE.varHandle().setVolatile(memory, (long) slot * SLOT_BYTES, 1L);
    return slot;
  }

  void end(int slot) {
    STATE.varHandle().setVolatile(memory, (long) slot * SLOT_BYTES, 0L);
    free.add(slot);
  }
}
