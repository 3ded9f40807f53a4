package dev.modelserver.operator.status;

import io.fabric8.kubernetes.api.model.IntOrString;

/** Fewest available pods: the wanted ones less the disruption allowance, but one of any. */
final class Minimum {
  private Minimum() {}

  static int of(int desired, IntOrString maxUnavailable) {
    int allowance =
        maxUnavailable.getIntVal() != null
            ? maxUnavailable.getIntVal()
            // A PodDisruptionBudget rounds its percentage up.
            : (int) Math.ceil(desired * percent(maxUnavailable.getStrVal()) / 100.0);
    return Math.min(desired, Math.max(1, desired - allowance));
  }

  private static int percent(String text) {
    String digits = text.replace("%", "").strip();
    return digits.matches("[0-9]{1,3}") ? Integer.parseInt(digits) : 0;
  }
}
