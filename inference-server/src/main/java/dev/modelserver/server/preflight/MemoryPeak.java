package dev.modelserver.server.preflight;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The most memory that this container ever used, as the kernel counted it (cgroup v2). */
final class MemoryPeak {
  private static final Path COUNTER = Path.of("/sys/fs/cgroup/memory.peak");

  private MemoryPeak() {}

  /** In bytes; null where the kernel does not count it. */
  static @Nullable Long read() {
    return read(COUNTER);
  }

  static @Nullable Long read(Path counter) {
    try {
      return Long.valueOf(Files.readString(counter).strip());
    } catch (IOException | NumberFormatException e) {
      return null;
    }
  }
}
