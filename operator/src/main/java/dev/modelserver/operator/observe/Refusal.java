package dev.modelserver.operator.observe;

/**
 * An object that could not be written.
 *
 * @param reason stable reason in CamelCase
 * @param message sentence with object, cause and remedy, and the API server's own words
 * @param passing whether it is likely to pass without anybody doing anything (a conflict, an
 *     outage)
 */
public record Refusal(String reason, String message, boolean passing) {
  /** Reason of an object that can never be written as it is. */
  public static final String INVALID = "Invalid";

  private static final int LONGEST = 4096;
  private static final String NAME_CONFLICT = "NameConflict";

  /** An object of our name that the ModelServer does not control. */
  public static Refusal nameConflict(String object) {
    return new Refusal(
        NAME_CONFLICT,
        "%s exists and is not controlled by this ModelServer; it is left alone: delete or rename it, or rename the ModelServer"
            .formatted(object),
        false);
  }

  /** An object of our name that is still being deleted with a former ModelServer of this name. */
  public static Refusal leaving(String object) {
    return new Refusal(
        "Conflict",
        "%s is being deleted with the former ModelServer of this name: it is made anew once it is gone"
            .formatted(object),
        true);
  }

  /** Whether somebody else wrote the object at the same moment. */
  public boolean conflict() {
    return reason.equals("Conflict");
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
    boolean invalid = code == 400 || code == 413 || code == 422 || Refusals.invalid(words);
    String reason = reason(code, words, invalid);
    boolean passing =
        switch (reason) {
          case "Conflict", "ApiServerUnavailable", "AdmissionWebhookUnavailable" -> true;
          default -> false;
        };
    String remedy =
        reason.equals("Conflict") || reason.equals("ApiServerUnavailable")
            ? "it is tried again by itself"
            : Refusals.remedy(words);
    return new Refusal(reason, "%s (%s): %s".formatted(what, words, remedy), passing);
  }

  /** An admission may answer with any status; what it says decides first. */
  private static String reason(int code, String words, boolean invalid) {
    if (code == 409) {
      return "Conflict";
    }
    if (code == 403 || Refusals.known(words)) {
      return Refusals.reason(words);
    }
    return invalid ? INVALID : "ApiServerUnavailable";
  }
}
