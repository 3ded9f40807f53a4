package dev.modelserver.e2e.monitoring;

import com.fasterxml.jackson.databind.JsonNode;
import dev.modelserver.e2e.monitoring.JsonApi.Parameter;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Prometheus' HTTP API. */
public final class Prometheus {
  private final JsonApi api;

  /** The one at an address, for example http://10.96.0.90:9090. */
  public Prometheus(URI address) {
    this.api = new JsonApi(address);
  }

  /**
   * A series that a query returned.
   *
   * @param value now; NaN where it is the quotient of two zeros
   */
  public record Sample(Map<String, String> labels, double value) {}

  /**
   * A rule that Prometheus evaluates.
   *
   * @param type {@code alerting} or {@code recording}
   * @param health {@code ok}, {@code err}, or {@code unknown} before the first evaluation
   * @param error of the last evaluation, or an empty text
   */
  public record Rule(
      String name,
      String type,
      String query,
      Map<String, String> labels,
      String health,
      String error) {
    /** Whether it is an alert. */
    public boolean alerts() {
      return type.equals("alerting");
    }
  }

  /** A pod that is scraped; {@code health} is up, down or unknown. */
  public record Target(String pod, String health) {}

  /** What an expression returns now: a vector; a single number is a sample without labels. */
  public List<Sample> query(String expression) {
    JsonNode data =
        api.get("/api/v1/query", List.of(new Parameter("query", expression))).path("data");
    return data.path("resultType").asText().equals("scalar")
        ? List.of(sample(Map.of(), data.path("result")))
        : each(data.path("result"))
            .map(series -> sample(labels(series.path("metric")), series.path("value")))
            .toList();
  }

  /** Whether an expression returns a number now. */
  public boolean answers(String expression) {
    return query(expression).stream().anyMatch(sample -> !Double.isNaN(sample.value()));
  }

  /** The rules that have these labels. */
  public List<Rule> rules(Map<String, String> labels) {
    return groups()
        .filter(rule -> rule.labels().entrySet().containsAll(labels.entrySet()))
        .toList();
  }

  /** The rules of the groups with this name. */
  public List<Rule> group(String name) {
    return each(api.get("/api/v1/rules", List.of()).at("/data/groups"))
        .filter(group -> group.path("name").asText().equals(name))
        .flatMap(group -> each(group.path("rules")))
        .map(Prometheus::rule)
        .toList();
  }

  /** The pods behind a Service that are scraped. */
  public List<Target> targets(String namespace, String service) {
    return each(api.get("/api/v1/targets", List.of(new Parameter("state", "active")))
            .at("/data/activeTargets"))
        .filter(target -> target.at("/labels/namespace").asText().equals(namespace))
        .filter(target -> target.at("/labels/service").asText().equals(service))
        .map(
            target -> new Target(target.at("/labels/pod").asText(), target.path("health").asText()))
        .toList();
  }

  private Stream<Rule> groups() {
    return each(api.get("/api/v1/rules", List.of()).at("/data/groups"))
        .flatMap(group -> each(group.path("rules")))
        .map(Prometheus::rule);
  }

  private static Rule rule(JsonNode rule) {
    return new Rule(
        rule.path("name").asText(),
        rule.path("type").asText(),
        rule.path("query").asText(),
        labels(rule.path("labels")),
        rule.path("health").asText(),
        rule.path("lastError").asText(""));
  }

  /** Of a pair of the time and the value, which is a text. */
  private static Sample sample(Map<String, String> labels, JsonNode pair) {
    String value = pair.path(1).asText();
    return new Sample(
        labels,
        switch (value) {
          case "+Inf" -> Double.POSITIVE_INFINITY;
          case "-Inf" -> Double.NEGATIVE_INFINITY;
          default -> Double.parseDouble(value);
        });
  }

  private static Map<String, String> labels(JsonNode object) {
    return object.properties().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().asText()));
  }

  private static Stream<JsonNode> each(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false);
  }
}
