package dev.modelserver.operator.names;

import java.util.Locale;

/** The alerts about a ModelServer, each with a section of docs/alerts.md; part of the API. */
public enum AlertName {
  NOT_READY("ModelServerNotReady"),
  ROLLED_BACK("ModelServerRolledBack"),
  NO_PODS("ModelServerNoPods"),
  ERROR_RATE("ModelServerErrorRate"),
  LATENCY("ModelServerLatency"),
  QUEUE_FULL("ModelServerQueueFull"),
  MEMORY_NEAR_LIMIT("ModelServerMemoryNearLimit"),
  NEAR_MAX_REPLICAS("ModelServerNearMaxReplicas"),
  CERTIFICATE_EXPIRES("ModelServerCertificateExpires"),
  SECRET_RELOAD_FAILED("ModelServerSecretReloadFailed"),
  AVAILABILITY_BUDGET("ModelServerAvailabilityBudget"),
  LATENCY_BUDGET("ModelServerLatencyBudget");

  /** Where the documentation is published; a runbook is a section of this page. */
  public static final String RUNBOOKS = "https://modelserver.dev/docs/alerts.md";

  private final String word;

  AlertName(String word) {
    this.word = word;
  }

  /** The name, as Alertmanager shows it. */
  public String word() {
    return word;
  }

  /** Where the documentation says what to do. */
  public String runbook() {
    return RUNBOOKS + "#" + word.toLowerCase(Locale.ROOT);
  }
}
