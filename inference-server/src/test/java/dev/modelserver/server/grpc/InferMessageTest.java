package dev.modelserver.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.entry;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.UnknownFieldSet;
import dev.modelserver.server.failure.RequestException;
import dev.modelserver.server.grpc.wire.InferParameter;
import dev.modelserver.server.grpc.wire.ModelInferRequest;
import dev.modelserver.server.grpc.wire.ModelInferRequest.InferInputTensor;
import dev.modelserver.server.grpc.wire.ModelInferRequest.InferRequestedOutputTensor;
import dev.modelserver.server.http.ModelPath;
import dev.modelserver.server.inference.InferenceException;
import dev.modelserver.server.oip.InferRequest;
import dev.modelserver.server.oip.InferRequestReader;
import dev.modelserver.server.oip.InputReader;
import dev.modelserver.server.oip.RequestedOutput;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class InferMessageTest {

  @Test
  void readsEveryPart() throws RequestException, InferenceException {
    ModelInferRequest request =
        Messages.request(
                Messages.input("FP32", 1, 2).build(),
                Messages.input("INT8").setName("second").build())
            .setModelVersion("v2")
            .setId("seven")
            .putParameters("priority", InferParameter.newBuilder().setInt64Param(3).build())
            .putParameters("timeout", InferParameter.newBuilder().setInt64Param(1500).build())
            .addOutputs(InferRequestedOutputTensor.newBuilder().setName("y"))
            .addRawInputContents(ByteString.copyFrom(new byte[8]))
            .addRawInputContents(ByteString.copyFrom(new byte[1]))
            .build();

    InferMessage message = message(request.toByteArray());
    InferRequest read = message.request();

    assertThat(message.model()).isEqualTo(new ModelPath("m", "v2"));
    assertThat(read.id()).isEqualTo("seven");
    assertThat(read.timeout()).isEqualTo(Duration.ofNanos(1_500_000));
    assertThat(Messages.shown(read.inputs()))
        .containsExactly(
            entry("x", "FP32[1,2] 00 00 00 00 00 00 00 00"), entry("second", "INT8[] 00"));
    assertThat(read.outputs()).containsExactly(new RequestedOutput("y", null));
    assertThat(read.binaryOutputs()).isTrue();
  }

  @Test
  void anEmptyMessageAsksNothing() throws RequestException, InferenceException {
    InferMessage message = message(new byte[0]);

    assertThat(message.model()).isEqualTo(new ModelPath("", null));
    assertThat(message.request())
        .isEqualTo(new InferRequest(null, Map.of(), List.of(), false, null));
  }

  @Test
  void anOutputThatIsNamedAgainIsAnsweredOnce() throws RequestException, InferenceException {
    ModelInferRequest.Builder request = Messages.request();
    for (String name : List.of("z", "y", "z")) {
      request.addOutputs(InferRequestedOutputTensor.newBuilder().setName(name));
    }

    assertThat(Messages.read(request.build()).toInferenceRequest().outputs())
        .containsExactly("z", "y");
  }

  @Test
  void takesAShapeWhoseSizesStandAlone() throws IOException, RequestException, InferenceException {
    byte[] input =
        written(
            out -> {
              out.writeInt64(3, 4);
              out.writeString(1, "x");
              out.writeInt64(3, 0);
              out.writeString(2, "FP32");
            });

    byte[] message = written(out -> out.writeByteArray(5, input));

    assertThat(Messages.shown(Messages.tensors(message))).containsExactly(entry("x", "FP32[4,0] "));
  }

  @Test
  void ignoresFieldsItDoesNotKnow() throws RequestException, InferenceException {
    UnknownFieldSet unknown =
        UnknownFieldSet.newBuilder()
            .addField(
                100,
                UnknownFieldSet.Field.newBuilder()
                    .addVarint(1)
                    .addFixed32(2)
                    .addLengthDelimited(ByteString.copyFromUtf8("three"))
                    .addGroup(UnknownFieldSet.getDefaultInstance())
                    .build())
            .build();
    ModelInferRequest request =
        Messages.request(Messages.input("FP32", 0).setUnknownFields(unknown).build())
            .setUnknownFields(unknown)
            .build();

    assertThat(Messages.shown(Messages.tensors(request))).containsExactly(entry("x", "FP32[0] "));
  }

  static Stream<Arguments> times() {
    String kind =
        "parameters.timeout is not an integer; send the number of microseconds as int64_param";
    String range =
        "parameters.timeout is -1; a number of microseconds from 0 to 9223372036854775807 is"
            + " needed";
    return Stream.of(
        Arguments.of(InferParameter.newBuilder().setStringParam("5"), kind),
        Arguments.of(InferParameter.newBuilder().setInt64Param(-1), range),
        Arguments.of(InferParameter.newBuilder().setUint64Param(-1), range),
        Arguments.of(InferParameter.newBuilder().setBoolParam(true), kind),
        Arguments.of(InferParameter.newBuilder().setDoubleParam(1.5), kind),
        Arguments.of(InferParameter.newBuilder(), kind));
  }

  @ParameterizedTest
  @MethodSource("times")
  void refusesATimeoutThatIsNoTime(InferParameter.Builder timeout, String words) {
    ModelInferRequest request =
        Messages.request().putParameters("timeout", timeout.build()).build();

    assertThatExceptionOfType(RequestException.class)
        .isThrownBy(() -> Messages.read(request))
        .withMessage(words);
  }

  /** In the words that HTTP has for them. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "classification",
        "shared_memory_region",
        "shared_memory_offset",
        "shared_memory_byte_size"
      })
  void refusesParametersThatWouldChangeWhatATensorMeans(String name) {
    InferParameter one = InferParameter.newBuilder().setInt64Param(1).build();
    InferInputTensor plain = Messages.input("FP32", 1).build();
    String sentence = name + " is given; this server has no such extension, send without it";

    assertRefused(
        Messages.request(plain, plain.toBuilder().putParameters(name, one).build()),
        "inputs[1].parameters." + sentence);
    assertRefused(
        Messages.request(plain)
            .addOutputs(
                InferRequestedOutputTensor.newBuilder().setName("y").putParameters(name, one)),
        "outputs[0].parameters." + sentence);
  }

  @Test
  void otherParametersOfTensorsChangeNothing() throws RequestException, InferenceException {
    InferParameter one = InferParameter.newBuilder().setInt64Param(1).build();
    ModelInferRequest request =
        Messages.request(Messages.input("FP32", 0).putParameters("content_type", one).build())
            .addOutputs(
                InferRequestedOutputTensor.newBuilder()
                    .setName("y")
                    .putParameters("binary_data", one))
            .build();

    InferRequest read = Messages.read(request);

    assertThat(Messages.shown(read.inputs())).containsExactly(entry("x", "FP32[0] "));
    assertThat(read.outputs()).containsExactly(new RequestedOutput("y", null));
  }

  @Test
  void bounds() {
    ModelInferRequest.Builder inputs = ModelInferRequest.newBuilder();
    ModelInferRequest.Builder outputs = ModelInferRequest.newBuilder();
    ModelInferRequest.Builder raw = ModelInferRequest.newBuilder();
    for (int i = 0; i <= InferRequestReader.MAX_TENSORS; i++) {
      inputs.addInputs(Messages.input("FP32"));
      outputs.addOutputs(InferRequestedOutputTensor.newBuilder().setName("y" + i));
      raw.addRawInputContents(ByteString.EMPTY);
    }
    long[] shape = new long[InputReader.MAX_RANK + 1];

    assertRefused(inputs, "inputs has more than 1024 entries; send what the model has");
    assertRefused(outputs, "outputs has more than 1024 entries; send what the model has");
    assertRefused(raw, "raw_input_contents has more than 1024 entries; send what the model has");
    assertRefused(
        Messages.request(Messages.input("FP32", shape).build()),
        "inputs[0].shape is [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, …; it takes at most 32 sizes"
            + " with a product of at most 2147483647");
    assertRefused(
        Messages.request().setId("i".repeat(1001)),
        "id has 1001 characters; it takes at most 1000");
  }

  @Test
  void whatIsCutShortIsRefusedOrReadAsFarAsItGoes() {
    byte[] whole = rich().toByteArray();
    int refused = 0;
    for (int length = 0; length < whole.length; length++) {
      try {
        var _ = Messages.message(whole, length);
      } catch (RequestException e) {
        refused++;
        assertThat(e)
            .hasMessageMatching(
                "the message is not a ModelInferRequest: it is damaged near byte [0-9]+; send what"
                    + " inference.proto of the Open Inference Protocol says");
      }
    }
    // before, and after each of its seven fields but the last, there is a shorter message
    assertThat(refused).isEqualTo(whole.length - 7);
  }

  @Test
  void whatIsDamagedIsReadOrRefusedAndNothingElse() {
    Random random = new Random(4);
    byte[] whole = rich().toByteArray();
    int read = 0;
    for (int i = 0; i < 100_000; i++) {
      byte[] damaged = whole.clone();
      for (int byteNumber = 0; byteNumber <= i % 4; byteNumber++) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      }
      try {
        read += Messages.tensors(damaged).size();
      } catch (RequestException | InferenceException e) {
        assertThat(e.getMessage()).isNotBlank();
      }
    }
    assertThat(read).isPositive();
  }

  private static ModelInferRequest rich() {
    return Messages.request(
            Messages.input("INT32", elements -> elements.addIntContents(-5), 1),
            Messages.input("BYTES", elements -> elements.addBytesContents(Messages.text("é")), 1)
                .toBuilder()
                .setName("texts")
                .build())
        .setModelVersion("v1")
        .setId("id")
        .putParameters("timeout", InferParameter.newBuilder().setInt64Param(1).build())
        .addOutputs(InferRequestedOutputTensor.newBuilder().setName("y"))
        .build();
  }

  private static void assertRefused(ModelInferRequest.Builder request, String message) {
    assertThatExceptionOfType(RequestException.class)
        .isThrownBy(() -> Messages.read(request.build()))
        .withMessage(message);
  }

  private static InferMessage message(byte[] bytes) throws RequestException {
    return Messages.message(bytes, bytes.length);
  }

  private static byte[] written(Fields fields) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    fields.write(out);
    out.flush();
    return bytes.toByteArray();
  }

  /** Fields that no generated class would write so. */
  private interface Fields {
    void write(CodedOutputStream out) throws IOException;
  }
}
