package dev.modelserver.operator.status;

import dev.modelserver.operator.names.Reason;

/**
 * Something to say of one object or of one host; the worst decides what a condition says.
 *
 * @param standing how it stands
 * @param reason why
 * @param sentence with object, cause and remedy
 */
record Finding(Standing standing, Reason reason, String sentence) {
  /** The worst first. */
  enum Standing {
    BAD,
    UNKNOWN,
    GOOD
  }

  static Finding bad(Reason reason, String sentence) {
    return new Finding(Standing.BAD, reason, sentence);
  }

  static Finding unknown(Reason reason, String sentence) {
    return new Finding(Standing.UNKNOWN, reason, sentence);
  }

  static Finding good(Reason reason, String sentence) {
    return new Finding(Standing.GOOD, reason, sentence);
  }

  /** A condition that says so. */
  Verdict verdict(String type, String message) {
    return switch (standing) {
      case BAD -> Verdict.no(type, reason, message);
      case UNKNOWN -> Verdict.unknown(type, reason, message);
      case GOOD -> Verdict.yes(type, reason, message);
    };
  }
}
