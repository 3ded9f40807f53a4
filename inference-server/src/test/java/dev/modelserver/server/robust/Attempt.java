package dev.modelserver.server.robust;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * One malformed request as it goes over the wire.
 *
 * @param pieces bytes, each piece a write of its own
 * @param ending what the server owes
 * @param answers how many complete answers it owes at most; interim ones (1xx) do not count
 * @param bodiless whether the answer is to HEAD and so has no body
 */
record Attempt(List<byte[]> pieces, Ending ending, int answers, boolean bodiless) {

  /** What is due after the last byte. */
  enum Ending {
    /** The framing is sound: all answers, then a connection that works or is closed. */
    ANSWERED,
    /** The framing is broken: an answer or none, and the server must close the connection. */
    CLOSED,
    /** The client ends its side of the connection: answers or none, then the server closes. */
    FINISHED,
    /** The client leaves in the middle. */
    ABANDONED
  }

  static Attempt answered(byte[] request) {
    return new Attempt(List.of(request), Ending.ANSWERED, 1, false);
  }

  static Attempt answered(List<byte[]> pieces, int answers) {
    return new Attempt(pieces, Ending.ANSWERED, answers, false);
  }

  static Attempt closed(byte[] request) {
    return new Attempt(List.of(request), Ending.CLOSED, 1, false);
  }

  static Attempt closed(String request) {
    return closed(request.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** For bytes that may or may not be a whole request. */
  static Attempt finished(byte[] request) {
    return new Attempt(List.of(request), Ending.FINISHED, Integer.MAX_VALUE, false);
  }

  static Attempt finished(String request) {
    return finished(request.getBytes(StandardCharsets.ISO_8859_1));
  }

  static Attempt abandoned(byte[] request) {
    return new Attempt(List.of(request), Ending.ABANDONED, 0, false);
  }

  Attempt withoutBody() {
    return new Attempt(pieces, ending, answers, true);
  }
}
