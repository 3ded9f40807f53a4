package dev.modelserver.operator.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.modelserver.operator.faults.LivingOperator.Space;
import dev.modelserver.operator.names.FieldManagers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * Whatever somebody does to what the operator owns is undone, and what others add stays. The fields
 * are those that the API server records as the operator's.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DriftIT {
  private static final Duration LIMIT = Duration.ofSeconds(5);
  private static final String FOREIGN = "foreign.example/kept";

  /** What the operator keeps in a revision's record: who edits it edits its memory. */
  private static final String MEMORY = "ControllerRevision (revision|metadata\\.annotations\\..*)";

  /** How many fields are tried: all of them take minutes. */
  private static final int FIELDS = Integer.getInteger("drift.fields", Integer.MAX_VALUE);

  private static final long SEED = Long.getLong("drift.seed", new Random().nextLong());

  private final LivingOperator stage = LivingOperator.get();
  private final List<Double> seconds = new ArrayList<>();
  private final List<String> failures = new ArrayList<>();
  private final Map<String, int[]> counts = new TreeMap<>();

  private List<StoredObject> objects() {
    String namespace = Space.DRIFT.namespace();
    if (stage.modelServer(Space.DRIFT, "fixed").get() == null) {
      stage.create(Space.DRIFT, "fixed", FIXED);
      stage.create(Space.DRIFT, "scaled", SCALED);
      stage.awaitReady(Space.DRIFT, "fixed");
      stage.awaitReady(Space.DRIFT, "scaled");
      stage.awaitRest();
      StoredObject.managed(stage.client(), namespace)
          .forEach(object -> object.replace(DriftIT::withForeign));
      stage.awaitReady(Space.DRIFT, "fixed");
      stage.awaitReady(Space.DRIFT, "scaled");
      stage.awaitRest();
    }
    return StoredObject.managed(stage.client(), namespace);
  }

  @Test
  @Order(1)
  void everyFieldWeOwnIsRestored() {
    List<Owned> all = owned();
    long memory = all.stream().filter(Owned::isMemory).count();
    List<Owned> drawn = new ArrayList<>(all);
    drawn.removeIf(Owned::isMemory);
    Collections.shuffle(drawn, new Random(SEED));
    drawn = drawn.subList(0, Math.min(FIELDS, drawn.size()));
    System.out.printf(
        "%nOwned fields, seed %d: %d drawn of %d%n", SEED, drawn.size(), all.size() - memory);
    long refused = drawn.stream().filter(one -> !drift(one)).count();

    print("fields", refused + " that the API server lets nobody change, " + memory + " of memory");
    assertThat(failures).isEmpty();
    assertThat(all).hasSizeGreaterThan(250);
    assertThat(seconds.size()).isGreaterThan(drawn.size() / 2);
    assertForeignKept();
  }

  @Test
  @Order(2)
  void labelsAndOwnerReferencesComeBack() {
    for (StoredObject object : objects()) {
      JsonNode before = object.require();
      for (String part : List.of("labels", "ownerReferences")) {
        UnaryOperator<JsonNode> strip = seen -> stripped(seen, part);
        assertThat(object.replace(strip)).as(object + " " + part).isEmpty();
        measure(
            object,
            object + " without " + part,
            () -> metadata(object.require(), part).equals(metadata(before, part)));
      }
    }

    print("labels and owner references", "");
    assertThat(failures).isEmpty();
  }

  @Test
  @Order(3)
  void whatIsDeletedComesBack() {
    for (StoredObject object : objects()) {
      JsonNode before = object.require();
      object.delete();
      measure(
          object,
          object + " deleted",
          () -> object.read().filter(now -> sameContent(before, now)).isPresent());
    }

    print("deleted objects", "");
    assertThat(failures).isEmpty();
    stage.awaitReady(Space.DRIFT, "fixed");
    stage.awaitReady(Space.DRIFT, "scaled");
  }

  /**
   * A field that the operator owns.
   *
   * @param leaves the field itself; of an element of a list, the fields in it that the operator
   *     owns, since others may have added some
   */
  private record Owned(StoredObject object, OwnedField field, List<OwnedField> leaves) {
    static Stream<Owned> of(StoredObject object) {
      List<OwnedField> all = OwnedField.of(object.require(), FieldManagers.OPERATOR);
      return all.stream()
          .map(
              field ->
                  new Owned(
                      object,
                      field,
                      field.isElement()
                          ? all.stream()
                              .filter(other -> !other.isElement() && other.isBelow(field))
                              .toList()
                          : List.of(field)));
    }

    boolean isMemory() {
      return (object.kind() + " " + field).matches(MEMORY);
    }

    List<JsonNode> values() {
      JsonNode now = object.require();
      return leaves.stream().map(leaf -> leaf.in(now)).toList();
    }
  }

  private List<Owned> owned() {
    return objects().stream().flatMap(Owned::of).toList();
  }

  /**
   * Changes a field and waits until it is as before; false if the API server refuses any change.
   */
  private boolean drift(Owned owned) {
    StoredObject object = owned.object();
    OwnedField field = owned.field();
    List<JsonNode> values = owned.values();
    JsonNode before = field.in(object.require());
    for (JsonNode other : field.others(before)) {
      Optional<Integer> refusal = object.replace(seen -> field.with(seen, other));
      boolean changed = refusal.isEmpty() && !changedBack(object, field, before, other);
      if (changed) {
        measure(object, object + " " + field + " = " + other, () -> owned.values().equals(values));
        return true;
      }
    }
    return false;
  }

  /** Whether a default of the API server put the old value back at once. */
  private static boolean changedBack(
      StoredObject object, OwnedField field, JsonNode before, JsonNode other) {
    // A removed field that comes back with the same value was either defaulted or repaired: the
    // first cannot drift. Another value cannot be a default.
    return other.isMissingNode()
        && field.in(object.require()).equals(before)
        && !before.isMissingNode()
        && !field.isElement();
  }

  private void measure(StoredObject object, String what, BooleanSupplier restored) {
    long start = System.nanoTime();
    int[] count = counts.computeIfAbsent(object.kind(), kind -> new int[2]);
    count[0]++;
    if (Await.within(LIMIT, restored)) {
      seconds.add((System.nanoTime() - start) / 1e9);
      count[1]++;
    } else {
      failures.add(what);
      System.out.println("FAIL " + what);
    }
  }

  private void assertForeignKept() {
    for (StoredObject object : objects()) {
      JsonNode now = object.require();
      assertThat(now.at("/metadata/annotations").path(FOREIGN).asText())
          .as(object.toString())
          .isEqualTo("yes");
      assertThat(now.at("/metadata/labels").path(FOREIGN).asText())
          .as(object.toString())
          .isEqualTo("yes");
      if (object.kind().equals("Deployment")) {
        assertThat(now.at("/spec/template/spec/containers").findValuesAsText("name"))
            .contains("foreign");
        assertThat(now.at("/spec/template/metadata/annotations").has(FOREIGN)).isTrue();
      }
      if (object.kind().equals("Service")) {
        assertThat(now.at("/spec/ports").findValuesAsText("name")).contains("foreign");
        assertThat(now.at("/spec/internalTrafficPolicy").asText()).isEqualTo("Local");
      }
    }
    System.out.println(
        "foreign annotations, labels, container, port and traffic policy: untouched");
  }

  private static JsonNode withForeign(JsonNode object) {
    ObjectNode copy = object.deepCopy();
    copy.withObject("/metadata/annotations").put(FOREIGN, "yes");
    copy.withObject("/metadata/labels").put(FOREIGN, "yes");
    if (copy.at("/spec/template").isObject()) {
      copy.withObject("/spec/template/metadata/annotations").put(FOREIGN, "yes");
      ((ArrayNode) copy.at("/spec/template/spec/containers"))
          .addObject()
          .put("name", "foreign")
          .put("image", "registry.test/foreign:1");
    }
    if (copy.at("/spec/clusterIP").isTextual()) {
      ((ArrayNode) copy.at("/spec/ports")).addObject().put("name", "foreign").put("port", 9999);
      ((ObjectNode) copy.path("spec")).put("internalTrafficPolicy", "Local");
    }
    return copy;
  }

  private static JsonNode stripped(JsonNode object, String part) {
    ObjectNode copy = object.deepCopy();
    ((ObjectNode) copy.path("metadata")).remove(part);
    return copy;
  }

  private static JsonNode metadata(JsonNode object, String part) {
    JsonNode value = object.path("metadata").path(part);
    if (value instanceof ObjectNode labels) {
      labels.remove(FOREIGN);
    }
    return value;
  }

  /** All that was ours is there again. */
  private static boolean sameContent(JsonNode before, JsonNode now) {
    boolean another = !before.at("/metadata/uid").equals(now.at("/metadata/uid"));
    return another
        && OwnedField.of(before, FieldManagers.OPERATOR).stream()
            .filter(field -> !("ControllerRevision " + field).matches(MEMORY))
            .allMatch(
                field ->
                    // An element may have held fields of others.
                    field.isElement()
                        ? !field.in(now).isMissingNode()
                        : field.in(now).equals(field.in(before)));
  }

  private void print(String what, String more) {
    List<Double> sorted = seconds.stream().sorted(Comparator.naturalOrder()).toList();
    System.out.printf("%nDrift of %s: %s%n", what, more);
    counts.forEach(
        (kind, c) -> System.out.printf("  %-24s %4d changed, %4d restored%n", kind, c[0], c[1]));
    if (!sorted.isEmpty()) {
      System.out.printf(
          "  %d restored; p50 %.2f s, p99 %.2f s, longest %.2f s%n",
          sorted.size(),
          sorted.get(sorted.size() / 2),
          sorted.get(Math.min(sorted.size() - 1, sorted.size() * 99 / 100)),
          sorted.getLast());
    }
    failures.forEach(failure -> System.out.println("  not restored: " + failure));
  }

  private static final String FIXED =
      """
      model: {configMap: {name: iris-model, key: model.onnx}, version: v1}
      replicas: 2
      resources: {requests: {cpu: 100m, memory: 200Mi}, limits: {cpu: "2", memory: 1Gi}}
      rollout: {maxSurge: 50%, maxUnavailable: 1, progressDeadlineSeconds: 120, revisionHistoryLimit: 3}
      server:
        logLevel: DEBUG
        runtime: {instances: 2}
        env:
          - {name: TZ, value: UTC}
          - {name: TOKEN, valueFrom: {secretKeyRef: {name: tracing, key: token, optional: true}}}
          - {name: NODE, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}
          - {name: MEMORY, valueFrom: {resourceFieldRef: {resource: limits.memory, divisor: 1Mi}}}
        envFrom: [{prefix: SITE_, configMapRef: {name: site, optional: true}}]
        imagePullPolicy: Always
      service:
        type: LoadBalancer
        port: 8000
        sessionAffinity: ClientIP
        annotations: {example.com/balancer: internal}
        labels: {team: clinic}
        grpc: {port: 9001}
        headless: Enabled
        loadBalancerSourceRanges: [10.0.0.0/8]
        externalTrafficPolicy: Local
        trafficDistribution: PreferClose
        ipFamilyPolicy: SingleStack
      disruption: {maxUnavailable: 25%}
      pod:
        nodeSelector: {disk: ssd}
        tolerations: [{key: ml, operator: Exists, effect: NoSchedule}]
        topologySpreadConstraints: [{maxSkew: 1, topologyKey: zone, whenUnsatisfiable: ScheduleAnyway}]
        imagePullSecrets: [{name: registry}]
        securityContext: {fsGroup: 2000, supplementalGroups: [3000], runAsUser: 1000, seLinuxOptions: {type: container_t}}
        schedulerName: default-scheduler
        dnsPolicy: None
        dnsConfig: {nameservers: [10.0.0.10], searches: [example.com], options: [{name: ndots, value: "2"}]}
        hostAliases: [{ip: 10.1.2.3, hostnames: [registry.internal]}]
        serviceAccountAnnotations: {example.com/role: reader}
        labels: {team: clinic}
        annotations: {example.com/owner: clinic}
      """;

  private static final String SCALED =
      """
      model: {configMap: {name: other-model, key: model.onnx}}
      networkPolicy: {from: [{podSelector: {matchLabels: {role: client}}}, {ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}]}
      autoscaling:
        minReplicas: 2
        maxReplicas: 5
        cpuUtilization: 70
        memoryUtilization: 80
        behavior: {scaleDown: {stabilizationWindowSeconds: 300, policies: [{type: Percent, value: 50, periodSeconds: 15}]}}
      """;
}
