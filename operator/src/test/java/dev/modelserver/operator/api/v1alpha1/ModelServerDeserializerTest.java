package dev.modelserver.operator.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the API server may hold, and what becomes of it. */
class ModelServerDeserializerTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  static {
    JSON.getFactory()
        .setStreamReadConstraints(
            StreamReadConstraints.builder().maxNestingDepth(20_000).maxNameLength(1 << 22).build());
  }

  @Test
  void readsAnOrdinaryOne() throws JsonProcessingException {
    ModelServer read = read("{\"model\":{\"uri\":\"https://host/model.onnx\"},\"replicas\":2}");

    assertThat(read.unreadable()).isNull();
    assertThat(read.getSpec().model().uri()).isEqualTo("https://host/model.onnx");
    assertThat(read.getSpec().replicas()).isEqualTo(2);
    assertThat(read.getMetadata().getName()).isEqualTo("iris");
    assertThat(read.getMetadata().getManagedFields()).isEmpty();
    assertThat(read.getStatus().observedGeneration()).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'disruption':{'maxUnavailable':3000000000}} | spec.disruption.maxUnavailable 3000000000 cannot be read",
        "{'rollout':{'maxSurge':3000000000}} | spec.rollout.maxSurge 3000000000",
        "{'replicas':'many'} | spec.replicas \"many\" cannot be read: see kubectl explain modelserver.spec.replicas",
        "{'replicas':1e300} | spec.replicas",
        "{'model':[]} | spec.model []",
        "{'server':{'env':[{'name':'A'},{'name':{}}]}} | spec.server.env[1].name {} cannot be read: see kubectl explain modelserver.spec.server.env.name",
        "{'server':{'logLevel':'LOUD'}} | spec.server.logLevel \"LOUD\"",
        "{'resources':{'limits':{'cpu':{}}}} | spec.resources.limits"
      })
  void namesTheFieldThatCannotBeRead(String spec, String words) throws JsonProcessingException {
    ModelServer read = read(spec.replace('\'', '"'));

    assertThat(read.getSpec()).isNull();
    assertThat(read.unreadable()).startsWith(words);
    assertThat(JSON.readValue(JSON.writeValueAsString(read), ModelServer.class).unreadable())
        .as("of a copy")
        .startsWith(words);
    assertThat(read.getMetadata().getName()).isEqualTo("iris");
  }

  @Test
  void tellsNoSecretOfAFieldThatCannotBeRead() throws JsonProcessingException {
    ModelServer read = read("{\"model\":[{\"uri\":\"https://h/m?sig=secret\"}]}");

    assertThat(read.unreadable())
        .startsWith("spec.model [{\"uri\":\"https://h/m?…\"}] cannot be read");
  }

  @Test
  void keepsNothingOfALargeOrDeepSpec() throws JsonProcessingException {
    ModelServer large =
        read(
            "{\"model\":{\"uri\":\""
                + "x".repeat(ModelServerDeserializer.MOST_CHARACTERS)
                + "\"}}");
    ModelServer deep =
        read("{\"pod\":{\"affinity\":" + "{\"a\":".repeat(9000) + "1" + "}".repeat(9000) + "}}");

    assertThat(large.getSpec()).isNull();
    assertThat(large.unreadable()).startsWith("spec has 131092 characters of JSON, at most 131072");
    assertThat(deep.getSpec()).isNull();
    assertThat(deep.unreadable()).startsWith("spec has objects and lists in more than 110 levels");
  }

  @Test
  void survivesAStatusOfSomebodyElse() throws JsonProcessingException {
    ModelServer read =
        JSON.readValue(
            "{\"metadata\":{\"name\":\"iris\"},\"spec\":{\"replicas\":1},\"status\":{\"conditions\":7}}",
            ModelServer.class);

    assertThat(read.getStatus()).isNull();
    assertThat(read.getSpec().replicas()).isEqualTo(1);
  }

  private static ModelServer read(String spec) throws JsonProcessingException {
    return JSON.readValue(
        "{\"apiVersion\":\"modelserver.dev/v1alpha1\",\"kind\":\"ModelServer\",\"metadata\":{\"name\":\"iris\",\"managedFields\":[{\"manager\":\"kubectl\"}]},\"spec\":"
            + spec
            + ",\"status\":{\"observedGeneration\":3}}",
        ModelServer.class);
  }
}
