package dev.modelserver.operator.faults;

import dev.modelserver.operator.faults.LivingOperator.Space;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The chart's admission policy, with the names that the chart puts in. */
final class ChartPolicy {
  private static final Path FILE = Path.of("../helm/files/admission-policy.yaml");

  /** A user whom the policy lets write. */
  static final String EXEMPT = "restorer";

  private static final String NAMES = "modelserver-system.modelserver-";
  private static final String LABELLED =
      "{\"metadata\":{\"name\":\"probe\",\"labels\":{\"app.kubernetes.io/managed-by\":\"modelserver-operator\"}}%s}";
  private static final String POD =
      ",\"spec\":{\"selector\":{\"matchLabels\":{\"a\":\"b\"}},\"template\":{\"metadata\":{\"labels\":{\"a\":\"b\"}},\"spec\":{\"containers\":[{\"name\":\"a\",\"image\":\"b\"}]}}}";

  private ChartPolicy() {}

  /** As it is in the file: for the default installation. */
  static List<Manifest> asItIs() {
    return Manifest.of(text());
  }

  /** What the names of its objects begin with in a namespace. */
  static String prefix(Space space) {
    return space.namespace() + ".modelserver-";
  }

  /** Applies it to a namespace, for the operator of the tests, and waits until it is in force. */
  static void enforce(LivingOperator stage, Space space) {
    in(space).forEach(stage::apply);
    awaitRefusal(stage, "/api/v1/namespaces/%s/configmaps", space, LABELLED.formatted(""));
    awaitRefusal(stage, "/apis/apps/v1/namespaces/%s/deployments", space, LABELLED.formatted(POD));
  }

  private static void awaitRefusal(
      LivingOperator stage, String list, Space space, String labelled) {
    String uri = list.formatted(space.namespace()) + "?dryRun=All";
    Await.until(
        "the policy refuses POST " + uri,
        LivingOperator.SOON,
        () -> stage.send("POST", uri, labelled).body().contains("only the ModelServer operator"));
  }

  /** Takes it away. */
  static void remove(LivingOperator stage, Space space) {
    in(space).forEach(stage::delete);
  }

  private static List<Manifest> in(Space space) {
    return Manifest.of(
        text()
            .replace(
                "system:serviceaccount:modelserver-system:modelserver-operator", ChartRules.NAME)
            .replace("username in []", "username in ['%s']".formatted(EXEMPT))
            .replace("ame: " + NAMES, "ame: " + prefix(space))
            .replace(
                "namespaceSelector: {}",
                "namespaceSelector: {matchExpressions: [{key: kubernetes.io/metadata.name, operator: In, values: [%s]}]}"
                    .formatted(space.namespace())));
  }

  private static String text() {
    try {
      return Files.readString(FILE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
