package dev.modelserver.e2e;

import dev.modelserver.e2e.cluster.TestNamespace;
import dev.modelserver.e2e.model.IrisModel;
import dev.modelserver.e2e.model.ModelHost;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/**
 * One way in which a new spec cannot work, although the API server takes it.
 *
 * @param name for people
 * @param end what becomes of it
 * @param always whether it is played in each run, and not only when all are asked for
 * @param reasons what status may call it
 * @param spoil makes the bad spec; may first change the namespace
 */
record BadModel(String name, End end, boolean always, Set<String> reasons, Spoiling spoil) {
  /** What the operator does with a bad spec. */
  enum End {
    /** A final cause: rolled back at once. */
    AT_ONCE,
    /** A cause that may pass: rolled back at the progress deadline. */
    AT_DEADLINE,
    /** No pod changes, because an object is refused; a person is needed. */
    REFUSED,
    /** The pods are good; only the autoscaler cannot work. */
    NOT_SCALING
  }

  /** Changes a good spec into the bad one. */
  @FunctionalInterface
  interface Spoiling {
    void spoil(Place place, Map<String, Object> spec);
  }

  /** Where the row is played. */
  record Place(TestNamespace namespace, ModelHost host) {}

  /**
   * The table; the whole of it with {@code -Dbad.all}, parts with {@code -Dbad.only=REGEX}, some
   * rows with {@code -Dbad.sample=N}.
   */
  static List<BadModel> all() {
    String only = System.getProperty("bad.only", "");
    boolean all = Boolean.getBoolean("bad.all") || !only.isEmpty();
    return Sample.of(
        Stream.of(BadSources.all(), BadPods.all(), BadObjects.all())
            .flatMap(List::stream)
            .filter(bad -> all || bad.always())
            .filter(bad -> only.isEmpty() || bad.name().matches(only))
            .toList(),
        "bad.sample");
  }

  static BadModel always(String name, End end, Spoiling spoil, String... reasons) {
    return new BadModel(name, end, true, Set.of(reasons), spoil);
  }

  static BadModel onDemand(String name, End end, Spoiling spoil, String... reasons) {
    return new BadModel(name, end, false, Set.of(reasons), spoil);
  }

  /** Whether the Deployment gets its pods, and then the last good ones back. */
  boolean rollsBack() {
    return end == End.AT_ONCE || end == End.AT_DEADLINE;
  }

  @Override
  public String toString() {
    return name;
  }

  @SuppressWarnings("unchecked") // made by IrisModel.spec
  static Map<String, Object> model(Map<String, Object> spec) {
    return (Map<String, Object>) Objects.requireNonNull(spec.get("model"));
  }

  /** Fetches the model from there, whatever its digest. */
  static void fetch(Map<String, Object> spec, String uri) {
    Map<String, Object> model = model(spec);
    model.remove("sha256");
    model.remove("configMap");
    model.put("uri", uri);
  }

  /** A good spec, as {@link #spoil} takes it. */
  static Map<String, Object> goodSpec() {
    Map<String, Object> spec = IrisModel.V1_0.spec(1);
    spec.put("rollout", Map.of("progressDeadlineSeconds", 20));
    return spec;
  }

  /** Another good spec, with time enough for a busy machine. */
  static Map<String, Object> otherGoodSpec() {
    Map<String, Object> spec = IrisModel.V1_1.spec(1);
    spec.put("rollout", Map.of("progressDeadlineSeconds", 120));
    return spec;
  }
}
