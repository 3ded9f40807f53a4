package dev.modelserver.operator.apply;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.operator.Yaml;
import dev.modelserver.operator.api.v1alpha1.ModelServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UpToDateTest {
  private static final String SEEN =
      """
      apiVersion: modelserver.dev/v1alpha1
      kind: ModelServer
      metadata: {name: iris, uid: 7c1a, generation: 3, resourceVersion: "10", annotations: {a: b}, labels: {c: d}}
      spec: {model: {configMap: {name: model, key: model.onnx}}}
      status: {observedGeneration: 2}
      """;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "uid: 7c1a             | uid: 7c1b",
        "generation: 3         | generation: 4",
        "a: b                  | a: c",
        "observedGeneration: 2 | observedGeneration: 3",
        "name: iris            | name: iris, deletionTimestamp: '2026-11-22T21:00:00Z'"
      })
  void whatDecidesAboutWritesIsNew(String before, String now) {
    assertThat(same(SEEN.replace(before, now))).isFalse();
  }

  @Test
  void othersMayWriteLabels() {
    assertThat(same(SEEN.replace("c: d", "c: e").replace("\"10\"", "\"11\""))).isTrue();
  }

  private static boolean same(String stored) {
    return UpToDate.same(Yaml.read(ModelServer.class, SEEN), Yaml.read(ModelServer.class, stored));
  }
}
