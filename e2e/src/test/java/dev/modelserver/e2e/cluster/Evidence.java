package dev.modelserver.e2e.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a run showed, for people: printed, and kept below {@code target}. */
public final class Evidence {
  private Evidence() {}

  /** Prints a text under a title and writes it to {@code target/file}. */
  public static void record(String file, String title, String text) {
    System.out.println("\n== " + title + "\n" + text);
    Path path = Path.of("target", file);
    try {
      Files.createDirectories(path.toAbsolutePath().getParent());
      Files.writeString(path, "# " + title + "\n\n" + text + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
