package dev.modelserver.server.robust;

import java.io.IOException;
import java.util.List;

/** One malformed request with the rules for its answer. */
interface Trial {

  /**
   * Sends it and judges what comes back.
   *
   * @return one word for each answer: a status, or how the connection ended
   */
  List<String> run(Target target) throws IOException, Violation;

  /** The first bytes of what is sent, for a person. */
  String excerpt();

  /** The server broke a rule. */
  final class Violation extends Exception {
    private static final long serialVersionUID = 1;

    Violation(String message) {
      super(message, null, false, false);
    }
  }
}
