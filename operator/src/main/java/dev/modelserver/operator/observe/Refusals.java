package dev.modelserver.operator.observe;

/** Reads the API server's own words of a refusal. */
public final class Refusals {
  private Refusals() {}

  /** The reason for a refusal with these words. */
  public static String reason(String words) {
    if (words.contains("exceeded quota") || words.contains("failed quota")) {
      return "QuotaExceeded";
    }
    if (words.contains("usage per Container")
        || words.contains("usage per Pod")
        || words.contains("limit to request ratio")) {
      return "LimitRangeViolated";
    }
    if (words.contains("violates PodSecurity")) {
      return "PodSecurityViolated";
    }
    if (words.contains("admission webhook")) {
      return "AdmissionDenied";
    }
    return words.contains("is forbidden") ? "Forbidden" : "Refused";
  }

  /** Whether these words mean an object that cannot be right; some come as 500, like an outage. */
  static boolean invalid(String words) {
    return words.contains("failed to create typed patch object")
        || words.contains("request is too large");
  }

  /** What a person can do about it. */
  public static String remedy(String words) {
    return switch (reason(words)) {
      case "QuotaExceeded" -> "raise the ResourceQuota, or lower spec.resources or spec.replicas";
      case "LimitRangeViolated" -> "change spec.resources to what the LimitRange allows";
      case "PodSecurityViolated" ->
          "the operator's pods meet restricted, so look for what changes them on the way (kubectl get mutatingwebhookconfigurations)";
      case "AdmissionDenied" -> "ask the owner of the webhook";
      case "Forbidden" -> "give the operator this right (see the chart's RBAC)";
      default -> "change the spec accordingly";
    };
  }
}
