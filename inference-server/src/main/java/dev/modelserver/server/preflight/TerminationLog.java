package dev.modelserver.server.preflight;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jboss.logging.Logger;

/**
 * Where a container leaves its last words, for the kubelet and the operator; they are printed too.
 */
public final class TerminationLog {

  private static final Logger LOG = Logger.getLogger(TerminationLog.class);

  private TerminationLog() {}

  /**
   * Writes the report to the file and to standard output. Without such a file, outside Kubernetes,
   * the printed line is all there is.
   */
  @SuppressWarnings("SystemOut") // the one line that a person or a program without a cluster reads
  public static void write(Path file, Report report) {
    byte[] message = ReportMessage.of(report);
    System.out.println(new String(message, StandardCharsets.UTF_8));
    put(file, message);
  }

  /** Leaves a report of what is under way, for the case that nothing else can be written. */
  static void begin(Path file, Report report) {
    put(file, ReportMessage.of(report));
  }

  private static void put(Path file, byte[] message) {
    try {
      Files.write(file, message);
    } catch (IOException e) {
      LOG.debugf("no termination log: %s", e.getMessage());
    }
  }
}
