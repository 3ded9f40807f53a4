package dev.modelserver.server.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.modelserver.server.graph.OnnxFileScan;
import dev.modelserver.server.model.ModelLoadException;
import dev.modelserver.server.tensor.DataType;
import dev.modelserver.server.tensor.NumericTensor;
import dev.modelserver.server.tensor.Shape;
import dev.modelserver.server.tensor.StringTensor;
import dev.modelserver.server.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * ONNX's own backend cases: what plain ONNX Runtime answers from Python, a model answers here, bit
 * for bit. src/test/models/backend_cases.py makes the folder; the cases are not kept with the
 * sources.
 */
@EnabledIfSystemProperty(
    named = "onnx.cases",
    matches = ".+",
    disabledReason = "needs ONNX's backend cases: see src/test/models/backend_cases.py")
class BackendCases {

  private final ObjectMapper json = new ObjectMapper();

  @Test
  void answersWhatPlainOnnxRuntimeAnswers() throws IOException {
    Map<String, List<String>> results = new TreeMap<>();
    try (Stream<Path> cases = Files.list(Path.of(System.getProperty("onnx.cases")))) {
      for (Path folder : cases.sorted().toList()) {
        results
            .computeIfAbsent(result(folder), _ -> new ArrayList<>())
            .add(folder.getFileName().toString());
      }
    }
    results.forEach((result, names) -> System.out.println(names.size() + " " + result));
    List<String> wrong =
        results.entrySet().stream()
            .filter(entry -> entry.getKey().startsWith("WRONG"))
            .map(Map.Entry::toString)
            .toList();
    assertThat(wrong).isEmpty();
    assertThat(results).containsKey("right");
  }

  private String result(Path folder) throws IOException {
    Path file = folder.resolve("model.onnx");
    OnnxModel model;
    try {
      OnnxFileScan.of(file);
      model = OnnxModel.load(file);
    } catch (ModelLoadException e) {
      return "refused: " + String.valueOf(e.getMessage()).replaceAll("\"[^\"]*\"", "…");
    }
    try {
      for (JsonNode request : json.readTree(folder.resolve("case.json").toFile())) {
        Map<String, Tensor> answer =
            model.run(tensors(request.get("inputs")), List.of(), new RunControl()).tensors();
        if (!answer.equals(tensors(request.get("outputs")))) {
          return "WRONG answer";
        }
      }
      return "right";
    } catch (ModelRunException e) {
      String words = String.valueOf(e.getMessage());
      return (words.contains("different shapes") ? "" : "WRONG ") + "failure: " + words;
    } finally {
      assertThat(model.close(Duration.ofSeconds(5))).isTrue();
    }
  }

  private static Map<String, Tensor> tensors(JsonNode list) throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (JsonNode node : list) {
      if (node.has("sequence")) {
        // of different shapes, or empty: no tensor is expected
        continue;
      }
      List<Long> dims = new ArrayList<>();
      node.get("shape").forEach(dim -> dims.add(dim.asLong()));
      DataType type = DataType.valueOf(node.get("datatype").asText());
      Shape shape = new Shape(dims);
      if (type == DataType.BYTES) {
        List<String> values = new ArrayList<>();
        node.get("strings").forEach(value -> values.add(value.asText()));
        tensors.put(node.get("name").asText(), new StringTensor(shape, values));
      } else {
        NumericTensor tensor = NumericTensor.allocate(type, shape);
        tensor.data().put(ByteBuffer.wrap(node.get("bytes").binaryValue())).rewind();
        tensors.put(node.get("name").asText(), tensor);
      }
    }
    return tensors;
  }
}
