package dev.modelserver.operator.faults;

import io.fabric8.kubernetes.client.KubernetesClientException;

/** What the API server says when it refuses a request. */
final class Refused {
  private Refused() {}

  /** Its words; empty where it accepts the request. */
  static String by(Runnable request) {
    try {
      request.run();
      return "";
    } catch (KubernetesClientException e) {
      return String.valueOf(e.getMessage());
    }
  }
}
