package dev.modelserver.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.UnknownFieldSet;
import dev.modelserver.server.failure.RequestException;
import dev.modelserver.server.grpc.wire.InferParameter;
import dev.modelserver.server.grpc.wire.ModelInferRequest;
import dev.modelserver.server.grpc.wire.ModelInferRequest.InferInputTensor;
import dev.modelserver.server.grpc.wire.ModelInferRequest.InferRequestedOutputTensor;
import dev.modelserver.server.http.ModelPath;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class InferMessageTest {

  @Test
  void readsEveryPart() throws RequestException {
    ModelInferRequest request =
        Messages.request(Messages.input("FP32", 1, 2).build(), Messages.input("INT8").build())
            .setModelVersion("v2")
            .setId("seven")
            .putParameters("priority", InferParameter.newBuilder().setInt64Param(3).build())
            .putParameters("timeout", InferParameter.newBuilder().setInt64Param(1500).build())
            .addOutputs(InferRequestedOutputTensor.newBuilder().setName("y"))
            .addRawInputContents(ByteString.copyFrom(new byte[8]))
            .addRawInputContents(ByteString.copyFrom(new byte[1]))
            .build();

    InferMessage message = Messages.read(request);

    assertThat(message.model()).isEqualTo(new ModelPath("m", "v2"));
    assertThat(message.id()).isEqualTo("seven");
    assertThat(message.timeoutMicros()).isEqualTo(1500);
    assertThat(message.inputs()).hasSize(2);
    assertThat(message.inputs().getFirst().shape()).containsExactly(1L, 2L);
    assertThat(message.inputs().getLast().datatype()).isEqualTo("INT8");
    assertThat(message.outputs()).containsExactly("y");
    assertThat(message.raw()).extracting(InferMessage.Slice::length).containsExactly(8, 1);
  }

  @Test
  void anEmptyMessageAsksNothing() throws RequestException {
    InferMessage message = Messages.read(ModelInferRequest.getDefaultInstance());

    assertThat(message.model()).isEqualTo(new ModelPath("", null));
    assertThat(message.timeoutMicros()).isNull();
    assertThat(message.inputs()).isEmpty();
  }

  @Test
  void takesAShapeWhoseSizesStandAlone() throws IOException, RequestException {
    byte[] input =
        written(
            out -> {
              out.writeInt64(3, 4);
              out.writeString(1, "x");
              out.writeInt64(3, 5);
            });

    InferMessage message = message(written(out -> out.writeByteArray(5, input)));

    assertThat(message.inputs().getFirst().shape()).containsExactly(4L, 5L);
  }

  @Test
  void ignoresFieldsItDoesNotKnow() throws RequestException {
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
        Messages.request(Messages.input("FP32", 2).setUnknownFields(unknown).build())
            .setUnknownFields(unknown)
            .build();

    assertThat(Messages.read(request).inputs().getFirst().shape()).containsExactly(2L);
  }

  static Stream<Arguments> times() {
    return Stream.of(
        Arguments.of(InferParameter.newBuilder().setStringParam("5")),
        Arguments.of(InferParameter.newBuilder().setInt64Param(-1)),
        Arguments.of(InferParameter.newBuilder().setUint64Param(-1)),
        Arguments.of(InferParameter.newBuilder().setBoolParam(true)),
        Arguments.of(InferParameter.newBuilder().setDoubleParam(1.5)),
        Arguments.of(InferParameter.newBuilder()));
  }

  @ParameterizedTest
  @MethodSource("times")
  void refusesATimeoutThatIsNoTime(InferParameter.Builder timeout) {
    ModelInferRequest request =
        Messages.request().putParameters("timeout", timeout.build()).build();

    assertThatExceptionOfType(RequestException.class)
        .isThrownBy(() -> Messages.read(request))
        .withMessage(
            "the parameter timeout is not a number of microseconds; give it as int64_param, from 0");
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
  void otherParametersOfTensorsChangeNothing() throws RequestException {
    InferParameter one = InferParameter.newBuilder().setInt64Param(1).build();
    ModelInferRequest request =
        Messages.request(Messages.input("FP32", 2).putParameters("content_type", one).build())
            .addOutputs(
                InferRequestedOutputTensor.newBuilder()
                    .setName("y")
                    .putParameters("binary_data", one))
            .build();

    InferMessage message = Messages.read(request);

    assertThat(message.inputs().getFirst().shape()).containsExactly(2L);
    assertThat(message.outputs()).containsExactly("y");
  }

  @Test
  void bounds() {
    ModelInferRequest.Builder inputs = ModelInferRequest.newBuilder();
    ModelInferRequest.Builder outputs = ModelInferRequest.newBuilder();
    ModelInferRequest.Builder raw = ModelInferRequest.newBuilder();
    for (int i = 0; i <= InferMessage.MAX_TENSORS; i++) {
      inputs.addInputs(Messages.input("FP32"));
      outputs.addOutputs(InferRequestedOutputTensor.getDefaultInstance());
      raw.addRawInputContents(ByteString.EMPTY);
    }
    long[] shape = new long[InferMessage.MAX_RANK + 1];

    assertRefused(inputs, "the request has more than 1024 inputs; no model has so many");
    assertRefused(outputs, "the request has more than 1024 outputs; no model has so many");
    assertRefused(raw, "the request has more than 1024 raw_input_contents; no model has so many");
    assertRefused(
        Messages.request(Messages.input("FP32", shape).build()),
        "the input \"x\" has more than 32 dimensions");
  }

  @Test
  void whatIsCutShortIsRefusedOrReadAsFarAsItGoes() throws RequestException {
    byte[] whole = rich().toByteArray();
    int refused = 0;
    for (int length = 0; length < whole.length; length++) {
      try {
        var _ = InferMessage.read(whole, length);
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
      } catch (RequestException e) {
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
    return InferMessage.read(bytes, bytes.length);
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
