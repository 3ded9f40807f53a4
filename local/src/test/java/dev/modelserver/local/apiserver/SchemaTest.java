package dev.modelserver.local.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.modelserver.local.Definitions;
import io.fabric8.kubernetes.client.utils.Serialization;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchemaTest {
  private final Schema schema =
      new Schema(
          Serialization.unmarshal(
              Serialization.asJson(
                  Definitions.modelServer()
                      .getSpec()
                      .getVersions()
                      .getFirst()
                      .getSchema()
                      .getOpenAPIV3Schema()),
              ObjectNode.class));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"model":{"uri":"file:///m"}}                                | ''
          {"model":{"uri":"file:///m"},"port":"http","replicas":0}     | ''
          {"model":{"uri":"file:///m"},"labels":{"a":"b"}}             | ''
          {}                                                           | spec.model: Required value
          {"model":{"uri":"short"}}                                    | spec.model.uri: at least 9 characters
          {"model":{"uri":"file:///m","sha256":"XY"}}                  | spec.model.sha256: Invalid value: "XY": should match '^[a-f0-9]{4}$'
          {"model":{"uri":"file:///m"},"replicas":"1"}                 | spec.replicas: Invalid value: "1": must be of type integer
          {"model":{"uri":"file:///m"},"replicas":-1}                  | spec.replicas: Invalid value: -1: at least 0
          {"model":{"uri":"file:///m"},"replicas":101}                 | spec.replicas: Invalid value: 101: at most 100
          {"model":{"uri":"file:///m"},"logLevel":"LOUD"}              | spec.logLevel: Unsupported value: "LOUD": supported: ["INFO","DEBUG"]
          {"model":{"uri":"file:///m"},"names":["a","b","c"]}          | spec.names: at most 2 items
          {"model":{"uri":"file:///m"},"names":["abcd"]}               | spec.names[0]: at most 3 characters
          {"model":{"uri":"file:///m"},"labels":{"a":1}}               | spec.labels.a: Invalid value: 1: must be of type string
          {"model":{"uri":"file:///m"},"port":1.5}                     | spec.port: Invalid value: 1.5: must be of type
          {"model":{"uri":"file:///m"},"extra":1}                      | unknown field "spec.extra"
          """)
  void findsWhatTheApiServerWouldRefuse(String spec, String problem) {
    var object = Serialization.unmarshal("{\"spec\":" + spec + "}", ObjectNode.class);

    assertThat(String.join("; ", schema.problems(object)).strip())
        .isEqualTo(problem == null ? "" : problem);
  }

  @Test
  void anObjectWithoutASpecIsRefused() {
    assertThat(schema.problems(Serialization.unmarshal("{}", ObjectNode.class)))
        .containsExactly("spec: Required value");
  }

  @Test
  void aDefaultFillsOnlyWhatIsAbsent() {
    var absent = Serialization.unmarshal("{\"spec\":{\"model\":{}}}", ObjectNode.class);
    var given = Serialization.unmarshal("{\"spec\":{\"replicas\":0}}", ObjectNode.class);

    assertThat(schema.withDefaults(absent).at("/spec/replicas").asInt()).isEqualTo(1);
    assertThat(schema.withDefaults(given).at("/spec/replicas").asInt()).isZero();
    assertThat(absent.at("/spec/replicas").isMissingNode()).isTrue();
  }
}
