package dev.modelserver.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.modelserver.server.tensor.NumericTensor;
import dev.modelserver.server.tensor.StringTensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.DoubleStream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Text in, numbers out: over HTTP what {@link GrpcModelsIT} asks over gRPC. */
class TextModelsIT {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String LIBRARY = "onnxruntime_extensions4j_jni";

  @Test
  void embedsTextsByEveryFormOfRequest(@TempDir Path folder) throws Exception {
    ExpectedAnswers.Case rows = ExpectedAnswers.of("extension-embedding").cases().getFirst();
    List<String> texts = ((StringTensor) tensor(rows.inputs().get("text"))).values();
    NumericTensor wanted = (NumericTensor) tensor(rows.outputs().get("embedding"));
    ObjectNode infer = JSON.createObjectNode();
    ObjectNode input = infer.putArray("inputs").addObject();
    input.put("name", "text").put("datatype", "BYTES").putArray("shape").add(texts.size());
    input.set("data", JSON.valueToTree(texts));
    ObjectNode instances = JSON.createObjectNode();
    instances.set("instances", JSON.valueToTree(texts));
    ObjectNode features = JSON.createObjectNode();
    features.set("features", JSON.valueToTree(texts));
    ObjectNode byName = JSON.createObjectNode();
    byName.set("text", JSON.valueToTree(texts));

    try (ServerProcess server = ServerProcess.start(folder, "extension-embedding", "{}")) {
      String model = "/models/extension-embedding";
      same(wanted, post(server, "/v2" + model + "/infer", infer).at("/outputs/0/data"));
      same(wanted, post(server, "/v1" + model + ":predict", instances).get("predictions"));
      same(wanted, post(server, "/predict", features).get("predictions"));
      same(wanted, post(server, "/predict", byName).get("predictions"));
      JsonNode metadata = JSON.readTree(server.get("/v2" + model).body());
      assertThat(metadata.get("inputs").toString())
          .isEqualTo("[{\"name\":\"text\",\"datatype\":\"BYTES\",\"shape\":[-1]}]");
      assertThat(mapped(server)).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"identity", "text-sentiment"})
  void otherModelsDoNotLoadTheLibrary(String model, @TempDir Path folder) throws Exception {
    try (ServerProcess server = ServerProcess.start(folder, model, "{}")) {
      assertThat(mapped(server)).isFalse();
    }
  }

  /** Whether the library is in the memory of the process. */
  private static boolean mapped(ServerProcess server) throws Exception {
    Path maps = Path.of("/proc", Long.toString(server.process().pid()), "maps");
    return Files.readString(maps).contains(LIBRARY);
  }

  private static JsonNode post(ServerProcess server, String path, JsonNode body) throws Exception {
    var response = server.post(path, body.toString());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return JSON.readTree(response.body());
  }

  /** All numbers of an answer, in nested lists or one. */
  private static void same(NumericTensor wanted, JsonNode answer) {
    double[] flat = flat(answer);
    assertThat(flat).hasSize((int) wanted.shape().elements());
    for (int i = 0; i < flat.length; i++) {
      assertThat(flat[i]).isBetween(wanted.doubleAt(i) - 1e-6, wanted.doubleAt(i) + 1e-6);
    }
  }

  private static double[] flat(JsonNode answer) {
    return StreamSupport.stream(answer.spliterator(), false)
        .flatMapToDouble(
            each ->
                each.isNumber() ? DoubleStream.of(each.doubleValue()) : Arrays.stream(flat(each)))
        .toArray();
  }

  private static <T> T tensor(@Nullable T tensor) {
    return Objects.requireNonNull(tensor);
  }
}
