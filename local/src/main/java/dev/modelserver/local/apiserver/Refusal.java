package dev.modelserver.local.apiserver;

import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fabric8.mockwebserver.http.MockResponse;

/**
 * A request that the API server refuses, as a {@code Status} object.
 *
 * @param code HTTP status code
 * @param reason Kubernetes' reason, for example {@code Invalid}
 * @param message one sentence
 */
record Refusal(int code, String reason, String message) {

  static Refusal notFound(String what) {
    return new Refusal(404, "NotFound", what + " not found");
  }

  static Refusal invalid(String message) {
    return new Refusal(422, "Invalid", message);
  }

  MockResponse response() {
    var status =
        new StatusBuilder()
            .withStatus("Failure")
            .withCode(code)
            .withReason(reason)
            .withMessage(message)
            .build();
    return new MockResponse()
        .setResponseCode(code)
        .setHeader("Content-Type", "application/json")
        .setBody(Serialization.asJson(status));
  }
}
