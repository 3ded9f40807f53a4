package dev.modelserver.e2e.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.stream.StreamSupport;

/** A ModelServer as the API server returned it. */
public record ModelServerState(JsonNode json) {

  /** A condition of its status. */
  public record Condition(
      String type, String status, String reason, String message, long observedGeneration) {
    /** Whether the condition is True. */
    public boolean isTrue() {
      return "True".equals(status);
    }
  }

  /** Number of the latest spec. */
  public long generation() {
    return json.at("/metadata/generation").asLong();
  }

  /** A condition, empty when it is absent. */
  public Optional<Condition> condition(String type) {
    return StreamSupport.stream(json.at("/status/conditions").spliterator(), false)
        .filter(condition -> condition.path("type").asText().equals(type))
        .map(
            condition ->
                new Condition(
                    type,
                    condition.path("status").asText(),
                    condition.path("reason").asText(),
                    condition.path("message").asText(),
                    condition.path("observedGeneration").asLong()))
        .findFirst();
  }

  /** Whether a condition is there and True. */
  public boolean is(String type) {
    return condition(type).filter(Condition::isTrue).isPresent();
  }

  /** Whether the condition Exposed has this reason, about the latest spec. */
  public boolean isExposed(String reason) {
    return condition("Exposed")
        .filter(condition -> condition.reason().equals(reason))
        .filter(condition -> condition.observedGeneration() == generation())
        .isPresent();
  }

  /** Whether it is Ready and says so about the latest spec. */
  public boolean isReady() {
    return json.at("/status/observedGeneration").asLong() == generation()
        && condition("Ready")
            .filter(Condition::isTrue)
            .filter(condition -> condition.observedGeneration() == generation())
            .isPresent();
  }

  /**
   * Whether a person finds a reason in the status: in a condition that says it, or in the account
   * of a rollback.
   */
  public boolean tells(String reason) {
    return condition("Ready").filter(condition -> condition.reason().equals(reason)).isPresent()
        || condition("ModelLoaded")
            .filter(condition -> condition.reason().equals(reason))
            .isPresent()
        || condition("RolledBack")
            .filter(condition -> condition.message().contains(reason))
            .isPresent();
  }

  /** A text of the status, empty when absent, for example {@code /model/version}. */
  public String status(String pointer) {
    return json.at("/status" + pointer).asText("");
  }

  @Override
  public String toString() {
    return "generation " + generation() + ", status " + json.path("status").toPrettyString();
  }
}
