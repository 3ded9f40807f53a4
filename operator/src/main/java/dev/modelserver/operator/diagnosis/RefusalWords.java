package dev.modelserver.operator.diagnosis;

import dev.modelserver.operator.names.Reason;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the API server's own words of a refusal. */
public final class RefusalWords {
  /** Kinds of refusals; the first whose words are found is it. */
  private static final List<Rule> RULES =
      List.of(
          rule(
              Reason.QUOTA_EXCEEDED,
              "failed quota.*must specify",
              "name these resources in spec.resources, because the ResourceQuota counts them"),
          rule(
              Reason.QUOTA_EXCEEDED,
              "exceeded quota|failed quota",
              "raise the ResourceQuota, or lower spec.resources or spec.replicas"),
          rule(
              Reason.LIMIT_RANGE_VIOLATED,
              "usage per (Container|Pod)|limit to request ratio",
              "change spec.resources to what the LimitRange allows"),
          rule(
              Reason.POD_SECURITY_VIOLATED,
              "violates PodSecurity",
              "the operator's pods meet restricted, so look for what changes them on the way (kubectl get mutatingwebhookconfigurations)"),
          rule(
              Reason.ADMISSION_WEBHOOK_UNAVAILABLE,
              "failed calling webhook|failed to call webhook",
              "repair the webhook it names, or ask its owner; it is tried again by itself"),
          rule(
              Reason.ADMISSION_DENIED,
              "admission webhook|ValidatingAdmissionPolicy",
              "ask the owner of this webhook or policy, or change the spec accordingly"),
          rule(
              Reason.PRIORITY_CLASS_NOT_FOUND,
              "no PriorityClass with name",
              "create the PriorityClass, or correct spec.pod.priorityClassName"),
          rule(
              Reason.SERVICE_ACCOUNT_NOT_FOUND,
              "error looking up service account",
              "create the ServiceAccount, or correct spec.pod.serviceAccountName"),
          rule(
              Reason.RUNTIME_CLASS_NOT_FOUND,
              "RuntimeClass .* not found",
              "create the RuntimeClass, or correct spec.pod.runtimeClassName"),
          rule(
              Reason.INVALID,
              "spec.loadBalancerClass.*(may not change|immutable)",
              "Kubernetes does not change the class of a load balancer: take spec.service.loadBalancerClass back, or delete the Service, which is then made anew with another address"),
          rule(
              Reason.NAMESPACE_TERMINATING,
              "because it is being terminated",
              "nothing can be made in a namespace that is being deleted"));

  /** How authorization puts it: {@code User "u" cannot create resource "r" in API group "g" …}. */
  private static final Pattern NO_RIGHT =
      Pattern.compile(
          "cannot (\\S+) resource \"([^\"]+)\" in API group \"([^\"]*)\"(?: in the namespace \"([^\"]+)\")?");

  private record Rule(Reason reason, Pattern words, String remedy) {}

  private RefusalWords() {}

  /** The reason for a refusal with these words. */
  public static Reason reason(String words) {
    return RULES.stream()
        .filter(rule -> rule.words().matcher(words).find())
        .map(Rule::reason)
        .findFirst()
        .orElseGet(
            () -> {
              if (NO_RIGHT.matcher(words).find()) {
                return Reason.FORBIDDEN;
              }
              return words.contains("is forbidden") ? Reason.ADMISSION_DENIED : Reason.REFUSED;
            });
  }

  /** Whether an admission, a quota or an authorization speaks, whatever its HTTP status. */
  public static boolean known(String words) {
    return reason(words) != Reason.REFUSED;
  }

  /** Whether these words mean an object that cannot be right; some come as 500, like an outage. */
  public static boolean invalid(String words) {
    return words.contains("failed to create typed patch object")
        || words.contains("request is too large");
  }

  /** What a person can do about it. */
  public static String remedy(String words) {
    return RULES.stream()
        .filter(rule -> rule.words().matcher(words).find())
        .map(Rule::remedy)
        .findFirst()
        .orElseGet(() -> right(words));
  }

  private static String right(String words) {
    Matcher missing = NO_RIGHT.matcher(words);
    if (!missing.find()) {
      return "change the spec accordingly";
    }
    String resource =
        missing.group(3).isEmpty() ? missing.group(2) : missing.group(2) + "." + missing.group(3);
    String place =
        missing.group(4) == null ? "in the whole cluster" : "in namespace " + missing.group(4);
    return "give the operator the right to %s %s %s (helm upgrade restores the chart's RBAC)"
        .formatted(missing.group(1), resource, place);
  }

  private static Rule rule(Reason reason, String words, String remedy) {
    return new Rule(reason, Pattern.compile(words), remedy);
  }
}
