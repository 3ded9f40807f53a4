package dev.modelserver.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.modelserver.server.tensor.DataType;
import dev.modelserver.server.tensor.NumericTensor;
import dev.modelserver.server.tensor.Shape;
import dev.modelserver.server.tensor.Tensor;
import dev.modelserver.server.tensor.TensorBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Requests to a test model with the answers that are right: src/test/models/expected, whose README
 * has the format.
 *
 * @param model name of the model, for {@link TestModels#file}
 * @param tolerance how far a floating-point output may be off; 0: equal
 * @param classes names of the columns of the probabilities; empty: no classifier
 */
public record ExpectedAnswers(
    String model, double tolerance, List<String> classes, List<Case> cases) {

  /** One request and its answer. */
  public record Case(String name, Map<String, Tensor> inputs, Map<String, Tensor> outputs) {}

  private static final Path FOLDER = TestModels.FOLDER.resolve("expected");

  /** The models that have expected answers. */
  public static List<String> models() {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".json"))
          .map(name -> name.substring(0, name.length() - ".json".length()))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static ExpectedAnswers of(String model) {
    JsonNode document;
    try {
      document = new ObjectMapper().readTree(FOLDER.resolve(model + ".json").toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    List<String> classes = new ArrayList<>();
    document.path("classes").forEach(name -> classes.add(name.asText()));
    List<Case> cases = new ArrayList<>();
    for (JsonNode each : document.get("cases")) {
      cases.add(
          new Case(
              each.get("name").asText(),
              tensors(each.get("inputs")),
              tensors(each.get("outputs"))));
    }
    return new ExpectedAnswers(model, document.get("tolerance").asDouble(), classes, cases);
  }

  /** Fails unless the outputs are the expected ones, all of them in this order. */
  public void check(Case expected, Map<String, Tensor> actual) {
    assertThat(actual.keySet()).containsExactlyElementsOf(expected.outputs().keySet());
    actual.forEach(
        (output, tensor) ->
            check(
                expected.name() + ": " + output,
                Objects.requireNonNull(expected.outputs().get(output)),
                tensor));
  }

  /** Fails unless the tensor is the expected one, within the tolerance. */
  public void check(String name, Tensor expected, Tensor actual) {
    assertThat(actual.type()).as(name).isEqualTo(expected.type());
    assertThat(actual.shape()).as(name).isEqualTo(expected.shape());
    if (tolerance > 0 && expected instanceof NumericTensor want && want.type().isFloat()) {
      NumericTensor got = (NumericTensor) actual;
      for (int i = 0; i < want.shape().elements(); i++) {
        assertThat(got.doubleAt(i))
            .as(name)
            .isBetween(want.doubleAt(i) - tolerance, want.doubleAt(i) + tolerance);
      }
    } else {
      assertThat(actual).as(name).isEqualTo(expected);
    }
  }

  private static Map<String, Tensor> tensors(JsonNode list) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (JsonNode node : list) {
      TensorBuilder builder = new TensorBuilder(DataType.valueOf(node.get("datatype").asText()));
      node.get("data").forEach(value -> add(builder, value));
      List<Long> dims = new ArrayList<>();
      node.get("shape").forEach(dim -> dims.add(dim.asLong()));
      tensors.put(node.get("name").asText(), builder.build(new Shape(dims)));
    }
    return tensors;
  }

  /** Adds an element as JSON has it. */
  public static void add(TensorBuilder builder, JsonNode value) {
    boolean added =
        switch (builder.type()) {
          case BYTES -> {
            builder.addString(value.textValue());
            yield true;
          }
          case BOOL -> builder.addLong(value.booleanValue() ? 1 : 0);
          case FP16, BF16, FP32, FP64 -> builder.addDouble(value.doubleValue());
          default ->
              value.isBigInteger()
                  ? builder.addInteger(value.bigIntegerValue())
                  : builder.addLong(value.longValue());
        };
    assertThat(added).as("%s fits %s", value, builder.type()).isTrue();
  }
}
