package dev.modelserver.server.openinference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelserver.server.failure.RequestException;
import dev.modelserver.server.failure.RequestFailure;
import dev.modelserver.server.inference.InferenceException;
import dev.modelserver.server.inference.InputCheck;
import dev.modelserver.server.model.Signature;
import dev.modelserver.server.model.TensorSpec;
import dev.modelserver.server.oip.InferRequest;
import dev.modelserver.server.oip.InferRequestReader;
import dev.modelserver.server.tensor.DataType;
import dev.modelserver.server.tensor.Shape;
import dev.modelserver.server.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** On a model of one input {@code x}. */
class InputLimitsTest {

  private static final int STRINGS = 1000;

  private final List<Long> reserved = new ArrayList<>();

  @Test
  void stringsTakeMemoryBesideTheBody() throws RequestException, InferenceException {
    String json = strings("\"a\"" + ",\"a\"".repeat(STRINGS - 1), STRINGS);

    assertThat(read(DataType.BYTES, json, new byte[0], Long.MAX_VALUE).shape().elements())
        .isEqualTo(STRINGS);
    assertThat(reserved).containsExactly(56L * STRINGS);
    assertThatThrownBy(() -> read(DataType.BYTES, json, new byte[0], 1000))
        .isInstanceOfSatisfying(
            RequestException.class,
            e -> assertThat(e.failure()).isEqualTo(new RequestFailure.NoMemory()));
  }

  @Test
  void binaryStringsDoSoToo() throws RequestException, InferenceException {
    byte[] empty = new byte[4 * STRINGS];

    assertThat(read(DataType.BYTES, binary("BYTES", STRINGS, empty.length), empty, Long.MAX_VALUE))
        .isNotNull();
    assertThat(reserved).containsExactly(56L * STRINGS);
  }

  @Test
  void neverForMoreElementsThanCanBeThere() {
    assertThatThrownBy(
            () -> read(DataType.BYTES, strings("\"a\"", 2_000_000_000), new byte[0], 1000))
        .hasMessageContaining("has 1 value");
    assertThat(reserved).containsExactly(56L * "[\"a\"]}]}".length());
  }

  /** Numbers that are shorter in the body than in the tensor. */
  @Test
  void shortNumbersTakeMemoryBesideTheBody() throws RequestException, InferenceException {
    String list = "1" + ",1".repeat(STRINGS - 1);

    var _ = read(DataType.INT64, input("INT64", list, STRINGS), new byte[0], Long.MAX_VALUE);

    assertThat(reserved).containsExactly(8L * STRINGS - (list.length() + "[]}]}".length()));
    reserved.clear();
    list = "1234567" + ",1234567".repeat(STRINGS - 1);
    var _ = read(DataType.INT64, input("INT64", list, STRINGS), new byte[0], 0);
    assertThat(reserved).isEmpty();
  }

  /** They would take long, maybe on an event loop, and are refused by their type in any case. */
  @ParameterizedTest
  @CsvSource({"BYTES,4", "BOOL,1"})
  void whatTheModelDoesNotTakeIsNotLookedAt(String type, int size) {
    byte[] wrong = new byte[size * STRINGS];
    wrong[wrong.length - 1] = 2;

    assertThatThrownBy(
            () -> read(DataType.FP32, binary(type, STRINGS, wrong.length), wrong, Long.MAX_VALUE))
        .isInstanceOf(InferenceException.class)
        .hasMessage("the input \"x\" has the datatype " + type + "; the model takes FP32");
    assertThatThrownBy(() -> read(DataType.FP32, strings("1,2,3", 1), new byte[0], 0))
        .isInstanceOf(InferenceException.class);
    assertThat(reserved).isEmpty();
  }

  private Tensor read(DataType model, String json, byte[] tail, long room)
      throws RequestException, InferenceException {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    Signature signature =
        new Signature(
            List.of(new TensorSpec("x", model, Shape.of(Shape.ANY))), List.of(), List.of());
    InferRequest request =
        JsonRequest.read(
            bytes,
            bytes.length,
            ByteBuffer.wrap(tail),
            new InferRequestReader(
                new InputCheck(signature)::check,
                more -> {
                  reserved.add(more);
                  return more <= room;
                }));
    return Objects.requireNonNull(request.inputs().get("x"));
  }

  private static String strings(String data, int count) {
    return input("BYTES", data, count);
  }

  private static String input(String type, String data, int count) {
    return Requests.input(type, "[" + count + "]", "[" + data + "]");
  }

  private static String binary(String type, int count, int bytes) {
    return """
    {"inputs":[{"name":"x","datatype":"%s","shape":[%d],"parameters":{"binary_data_size":%d}}]}
    """
        .formatted(type, count, bytes);
  }
}
