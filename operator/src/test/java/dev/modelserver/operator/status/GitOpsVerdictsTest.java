package dev.modelserver.operator.status;

import static dev.modelserver.operator.status.Situations.ONE;
import static dev.modelserver.operator.status.Situations.TWO;
import static dev.modelserver.operator.status.Situations.V1;
import static dev.modelserver.operator.status.Situations.V2;
import static dev.modelserver.operator.status.Situations.available;
import static dev.modelserver.operator.status.Situations.good;
import static dev.modelserver.operator.status.Situations.plan;
import static dev.modelserver.operator.status.Situations.status;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.modelserver.operator.Yaml;
import dev.modelserver.operator.api.v1alpha1.ModelServer;
import dev.modelserver.operator.api.v1alpha1.ModelServerStatus;
import dev.modelserver.operator.observe.Observed;
import dev.modelserver.operator.observe.Refusal;
import dev.modelserver.operator.revision.Revision;
import dev.modelserver.operator.revision.World;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Flux and Argo CD agree on each state, and on what docs/gitops.md says. The statuses are the
 * operator's own.
 */
class GitOpsVerdictsTest {
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
  private static final Path PAGE = Path.of("../docs/gitops.md");
  private static final Path CRD = Path.of("../crds/modelservers.modelserver.dev-v1.yml");
  private static final Pattern ROW =
      Pattern.compile(
          "(?m)^\\| ([^|]+) \\| (InProgress|Current|Failed|Terminating) \\| (\\w+) \\|$");

  /** What kstatus' words may be called by Argo CD. */
  private static final Map<String, List<String>> MEANING =
      Map.of(
          "InProgress", List.of("Progressing", "Suspended"),
          "Current", List.of("Healthy"),
          "Failed", List.of("Degraded"),
          "Terminating", List.of("Progressing"));

  @Test
  void bothToolsSayWhatThePageSays() throws IOException {
    Map<String, String> said = new LinkedHashMap<>();
    for (var state : states().entrySet()) {
      String kstatus = Kstatus.verdict(state.getValue());
      ArgoCd.Health argo = ArgoCd.health(state.getValue());
      assertThat(MEANING.get(kstatus)).as(state.getKey()).contains(argo.status());
      assertThat(argo.message()).as(state.getKey()).isNotBlank();
      said.put(state.getKey(), kstatus + " | " + argo.status());
    }

    Map<String, String> page =
        ROW.matcher(Files.readString(PAGE))
            .results()
            .collect(
                Collectors.toMap(
                    row -> row.group(1),
                    row -> row.group(2) + " | " + row.group(3),
                    (a, b) -> b,
                    LinkedHashMap::new));
    assertThat(said).isEqualTo(page);
  }

  private static Map<String, JsonNode> states() throws IOException {
    List<Revision> good = good();
    Observed complete = World.of(World.complete(ONE, 3));
    Observed notFound =
        World.of(World.rolling(ONE, 3, ""), World.refused(ONE, "ModelNotFound", false));
    Observed corrupt =
        World.of(World.rolling(ONE, 3, ""), World.refused(ONE, "InvalidModel", true));
    Observed rolling = World.of(World.rolling(TWO, 3, ""));
    Observed failedTwo =
        World.of(World.rolling(TWO, 3, ""), World.refused(TWO, "InvalidModel", true));
    ModelServer paused =
        Yaml.modelServer(
            "model: {uri: 'https://h/m', version: v2}\nreplicas: 3\nrollout: {paused: true}");
    ModelServer zero = Yaml.modelServer("model: {uri: 'https://h/m', version: v1}\nreplicas: 0");
    ModelServer nine = Yaml.modelServer("model: {uri: 'https://h/m', version: v1}\nreplicas: 9");
    nine.setStatus(status(V1, good, complete, List.of()));
    Observed growing =
        World.of(
            World.deployment(
                ONE, 9, "replicas: 9, updatedReplicas: 9, readyReplicas: 3, availableReplicas: 3"));

    Map<String, JsonNode> states = new LinkedHashMap<>();
    states.put("applied, the operator has not seen it (or does not run)", defaulted());
    states.put("creating", object(V1, status(V1, List.of(), World.empty(), List.of())));
    JsonNode ready = object(V1, status(V1, good, complete, List.of()));
    states.put("ready", ready);
    states.put(
        "a new spec, the operator has not seen it", with(ready, "generation", YAML.readTree("4")));
    states.put("rolling out a new version", object(V2, status(V2, good, rolling, List.of())));
    states.put(
        "rolled back",
        object(V2, status(V2, plan(V2, good, failedTwo).kept(), complete, List.of())));
    states.put(
        "first start, a cause that may pass",
        object(V1, status(V1, List.of(), notFound, List.of())));
    states.put(
        "first start, the same after progressDeadlineSeconds",
        object(
            V1,
            status(
                V1,
                List.of(),
                World.of(World.overdue(ONE, 3), World.refused(ONE, "ModelNotFound", false)),
                List.of())));
    states.put("first start, a final cause", object(V1, status(V1, List.of(), corrupt, List.of())));
    states.put(
        "an object is refused",
        object(V1, status(V1, good, complete, List.of(Refusal.nameConflict("Service iris")))));
    states.put(
        "the spec cannot be rendered",
        object(
            V1,
            new StatusFactory(Situations.CLOCK)
                .rejected(V1, List.of("spec.model.uri is missing"), complete, Optional.empty())));
    states.put(
        "the API server is out during a rollout",
        object(
            V2,
            status(V2, good, rolling, List.of(Refusal.of("Service iris", 0, "connect refused")))));
    states.put("scaling up", object(nine, status(nine, good, growing, List.of())));
    states.put(
        "too few pods left", object(V1, status(V1, good, World.of(available(1)), List.of())));
    states.put("paused", object(paused, status(paused, good, complete, List.of())));
    states.put(
        "scaled to zero",
        object(zero, status(zero, good, World.of(World.complete(ONE, 0)), List.of())));
    states.put(
        "being deleted", with(ready, "deletionTimestamp", YAML.readTree("'2026-11-22T10:00:00Z'")));
    return states;
  }

  /** As the API server shows an object that nobody has written a status to. */
  private static JsonNode defaulted() throws IOException {
    JsonNode byDefault =
        YAML.readTree(Files.readString(CRD))
            .at("/spec/versions/0/schema/openAPIV3Schema/properties/status/default");
    ObjectNode object = (ObjectNode) YAML.readTree(Yaml.write(V1));
    object.set("status", byDefault);
    return object;
  }

  private static JsonNode object(ModelServer server, ModelServerStatus status) throws IOException {
    ObjectNode object = (ObjectNode) YAML.readTree(Yaml.write(server));
    object.set("status", YAML.readTree(Yaml.write(status)));
    return object;
  }

  private static JsonNode with(JsonNode object, String field, JsonNode value) {
    ObjectNode changed = object.deepCopy();
    ((ObjectNode) changed.path("metadata")).set(field, value);
    return changed;
  }
}
