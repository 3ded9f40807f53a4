package dev.modelserver.server.crash;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the JVM writes when a signal of native code ends it (its option {@code -XX:ErrorFile}). A
 * process that was killed, for its memory or by its node, writes nothing.
 */
final class FatalErrorLog {

  /** Name of the file in the directory of the pod's own. */
  static final String FILE = "fatal-error.log";

  /** The newest one that was read, for people. */
  static final String READ = "last-fatal-error.log";

  private static final int HEAD = 4096;
  private static final Pattern SIGNAL =
      Pattern.compile("#\\s+(SIG[A-Z]+) \\(0x[0-9a-f]+\\) at pc=");

  private FatalErrorLog() {}

  /** The signal that ended the process before this one; empty when none did. */
  static Optional<String> take(Path directory) throws IOException {
    Path file = directory.resolve(FILE);
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    String head;
    try (InputStream in = Files.newInputStream(file)) {
      head = new String(in.readNBytes(HEAD), StandardCharsets.ISO_8859_1);
    }
    Files.move(file, directory.resolve(READ), StandardCopyOption.REPLACE_EXISTING);
    Matcher signal = SIGNAL.matcher(head);
    return signal.find() ? Optional.of(signal.group(1)) : Optional.empty();
  }
}
