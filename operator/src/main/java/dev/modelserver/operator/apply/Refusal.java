package dev.modelserver.operator.apply;

import dev.modelserver.operator.diagnosis.Cause;
import dev.modelserver.operator.diagnosis.RefusalWords;
import dev.modelserver.operator.names.Reason;
import dev.modelserver.operator.snapshot.ForeignText;

/**
 * An object that could not be written.
 *
 * @param reason why
 * @param message sentence with object, cause and remedy, and the API server's own words
 */
public record Refusal(Reason reason, String message) {
  private static final int LONGEST = 4096;

  /** An object of our name that the ModelServer does not control. */
  public static Refusal nameConflict(String object) {
    return new Refusal(
        Reason.NAME_CONFLICT,
        "%s exists and is not controlled by this ModelServer; it is left alone: delete or rename it, or rename the ModelServer"
            .formatted(object));
  }

  /** An object of our name that is still being deleted with a former ModelServer of this name. */
  public static Refusal leaving(String object) {
    return new Refusal(
        Reason.CONFLICT,
        "%s is being deleted with the former ModelServer of this name: it is made anew once it is gone"
            .formatted(object));
  }

  /** Whether it is likely to pass without anybody doing anything (a conflict, an outage). */
  public boolean passing() {
    return reason.passing();
  }

  /** What it is for the plan of revisions. */
  public Cause cause() {
    return Cause.of(reason, message);
  }

  /** Whether somebody else wrote the object at the same moment. */
  public boolean conflict() {
    return reason == Reason.CONFLICT;
  }

  /**
   * An answer of the API server.
   *
   * @param object kind and name of the object
   * @param code HTTP status; 0 where there was no answer
   * @param said what the API server said
   */
  public static Refusal of(String object, int code, String said) {
    return told(object + " could not be written", code, said);
  }

  /**
   * An answer of the API server, or none, that ended a whole pass.
   *
   * @param code HTTP status; 0 where there was no answer
   * @param said what the API server said
   */
  public static Refusal ofPass(int code, String said) {
    return told("The reconciliation could not be completed", code, said);
  }

  private static Refusal told(String what, int code, String said) {
    String words = ForeignText.shown(said, LONGEST);
    boolean invalid = code == 400 || code == 413 || code == 422 || RefusalWords.invalid(words);
    Reason reason = reason(code, words, invalid);
    String remedy =
        reason == Reason.CONFLICT || reason == Reason.API_SERVER_UNAVAILABLE
            ? "it is tried again by itself"
            : RefusalWords.remedy(words);
    return new Refusal(reason, "%s (%s): %s".formatted(what, words, remedy));
  }

  /** An admission may answer with any status; what it says decides first. */
  private static Reason reason(int code, String words, boolean invalid) {
    if (code == 409) {
      return Reason.CONFLICT;
    }
    if (code == 403 || RefusalWords.known(words)) {
      return RefusalWords.reason(words);
    }
    return invalid ? Reason.INVALID : Reason.API_SERVER_UNAVAILABLE;
  }
}
