package dev.modelserver.server.grpc;

import static dev.modelserver.server.grpc.Messages.hex;
import static dev.modelserver.server.grpc.Messages.input;
import static dev.modelserver.server.grpc.Messages.raw;
import static dev.modelserver.server.grpc.Messages.request;
import static dev.modelserver.server.grpc.Messages.tensors;
import static dev.modelserver.server.grpc.Messages.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.entry;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import dev.modelserver.server.failure.RequestException;
import dev.modelserver.server.grpc.wire.ModelInferRequest;
import dev.modelserver.server.http.FailureAnswer;
import dev.modelserver.server.inference.InferenceException;
import dev.modelserver.server.oip.InferRequestReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class MessageElementsTest {

  private static final String REMEDY =
      "; send the elements of the tensor, little-endian and without padding";

  static Stream<Arguments> forms() {
    return Stream.of(
        Arguments.of(
            request(input("BOOL", e -> e.addBoolContents(true).addBoolContents(false), 2)),
            "BOOL[2] 01 00"),
        Arguments.of(
            request(input("INT8", e -> e.addIntContents(-128).addIntContents(127), 2)),
            "INT8[2] 80 7f"),
        Arguments.of(
            request(input("INT16", e -> e.addIntContents(-32768).addIntContents(32767), 2, 1)),
            "INT16[2,1] 00 80 ff 7f"),
        Arguments.of(
            request(input("INT32", e -> e.addIntContents(Integer.MIN_VALUE), 1)),
            "INT32[1] 00 00 00 80"),
        Arguments.of(
            request(input("INT64", e -> e.addInt64Contents(Long.MIN_VALUE), 1)),
            "INT64[1] 00 00 00 00 00 00 00 80"),
        Arguments.of(request(input("UINT8", e -> e.addUintContents(255), 1)), "UINT8[1] ff"),
        Arguments.of(request(input("UINT16", e -> e.addUintContents(65535), 1)), "UINT16[1] ff ff"),
        Arguments.of(
            request(input("UINT32", e -> e.addUintContents(-1), 1)), "UINT32[1] ff ff ff ff"),
        Arguments.of(
            request(input("UINT64", e -> e.addUint64Contents(-1), 1)),
            "UINT64[1] ff ff ff ff ff ff ff ff"),
        Arguments.of(
            request(input("FP32", e -> e.addFp32Contents(1).addFp32Contents(-2), 1, 2)),
            "FP32[1,2] 00 00 80 3f 00 00 00 c0"),
        Arguments.of(
            request(input("FP64", e -> e.addFp64Contents(1), 1)),
            "FP64[1] 00 00 00 00 00 00 f0 3f"),
        Arguments.of(
            request(
                input("BYTES", e -> e.addBytesContents(text("é")).addBytesContents(text("")), 2)),
            "BYTES[2] [é, ]"),
        // without sizes it is one element, with a size of zero none
        Arguments.of(
            request(input("INT64", e -> e.addInt64Contents(7))), "INT64[] 07 00 00 00 00 00 00 00"),
        Arguments.of(request(input("FP32", 0, 4).build()), "FP32[0,4] "),
        Arguments.of(request(input("BYTES", 0).build()), "BYTES[0] []"),
        Arguments.of(builder(raw("BOOL", hex("0100"), 2)), "BOOL[2] 01 00"),
        Arguments.of(builder(raw("INT16", hex("0180"), 1)), "INT16[1] 01 80"),
        Arguments.of(
            builder(raw("UINT64", hex("ffffffffffffffff"), 1)),
            "UINT64[1] ff ff ff ff ff ff ff ff"),
        Arguments.of(builder(raw("FP16", hex("003c 00c0"), 1, 2)), "FP16[1,2] 00 3c 00 c0"),
        Arguments.of(builder(raw("BF16", hex("803f"), 1)), "BF16[1] 80 3f"),
        Arguments.of(builder(raw("FP32", hex("0000803f"))), "FP32[] 00 00 80 3f"),
        Arguments.of(builder(raw("FP64", ByteString.EMPTY, 3, 0)), "FP64[3,0] "),
        Arguments.of(builder(raw("BYTES", hex("02000000 c3a9 00000000"), 2)), "BYTES[2] [é, ]"));
  }

  @ParameterizedTest
  @MethodSource("forms")
  void readsEveryTypeInBothForms(ModelInferRequest.Builder request, String expected)
      throws RequestException, InferenceException {
    assertThat(Messages.shown(tensors(request.build()))).containsExactly(entry("x", expected));
  }

  @Test
  void readsSeveralInputsInTheirOrder() throws RequestException, InferenceException {
    ModelInferRequest contents =
        request(
                input("INT8", e -> e.addIntContents(1), 1),
                input("FP32", e -> e.addFp32Contents(1), 1).toBuilder().setName("a").build())
            .build();
    ModelInferRequest raw =
        request(input("INT8", 1).build(), input("FP32", 1).setName("a").build())
            .addRawInputContents(hex("01"))
            .addRawInputContents(hex("0000803f"))
            .build();

    for (ModelInferRequest request : List.of(contents, raw)) {
      assertThat(Messages.shown(tensors(request)))
          .containsExactly(entry("x", "INT8[1] 01"), entry("a", "FP32[1] 00 00 80 3f"));
    }
  }

  @Test
  void readsElementsThatStandAloneOrInSeveralParts()
      throws IOException, RequestException, InferenceException {
    byte[] first = packedAndAlone(6, out -> out.writeFloat(6, 1), hex("00000040"));
    byte[] second = packedAndAlone(6, out -> out.writeFloat(6, 3), ByteString.EMPTY);
    ModelInferRequest.InferInputTensor input = input("FP32", 3).build();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    out.writeRawBytes(input.toByteArray());
    out.writeByteArray(5, first);
    out.writeByteArray(5, second);
    out.flush();
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    CodedOutputStream outer = CodedOutputStream.newInstance(message);
    outer.writeByteArray(5, bytes.toByteArray());
    outer.flush();

    assertThat(Messages.shown(tensors(message.toByteArray())))
        .containsExactly(entry("x", "FP32[3] 00 00 80 3f 00 00 00 40 00 00 40 40"));
  }

  static Stream<Arguments> faults() {
    return Stream.of(
        fault(
            request(input("FP8", 1).build()),
            "inputs[0].datatype is \"FP8\"; the datatypes are BOOL, UINT8, UINT16, UINT32, UINT64,"
                + " INT8, INT16, INT32, INT64, FP16, BF16, FP32, FP64, BYTES"),
        fault(
            request(input("FP32", -1, 2).build()),
            "inputs[0].shape[0] is -1; a size from 0 to 2147483647 is needed"),
        fault(
            request(input("FP32", 1L << 30, 1L << 30).build()),
            "inputs[0].shape is [1073741824, 1073741824]; it takes at most 32 sizes with a product"
                + " of at most 2147483647"),
        fault(
            request(input("FP32", 1L << 32).build()),
            "inputs[0].shape[0] is 4294967296; a size from 0 to 2147483647 is needed"),
        fault(
            request(input("FP32", 2).build()),
            "inputs[0].contents has 0 values; the shape [2] takes 2"),
        fault(
            request(input("INT32", e -> e.addIntContents(1).addIntContents(1000), 3)),
            "inputs[0].contents has 2 values; the shape [3] takes 3"),
        fault(
            request(input("FP32", e -> e.addFp32Contents(1).addFp32Contents(1), 1)),
            "inputs[0].contents has 2 values; the shape [1] takes 1"),
        fault(
            request(
                input("BYTES", e -> e.addBytesContents(text("a")).addBytesContents(text("b")), 1)),
            "inputs[0].contents has 2 values; the shape [1] takes 1"),
        fault(
            request(input("INT64", e -> e.addIntContents(1), 1)),
            "inputs[0].contents has int_contents; INT64 goes into int64_contents"),
        fault(
            request(input("FP16", e -> e.addFp32Contents(1), 1)),
            "inputs[0].contents has no field for FP16; send raw_input_contents"),
        fault(
            request(input("BF16", 1).build()),
            "inputs[0].contents has no field for BF16; send raw_input_contents"),
        fault(
            request(input("UINT8", e -> e.addUintContents(1).addUintContents(256), 2)),
            "inputs[0].contents[1] is 256; an integer from 0 to 255 is needed"),
        fault(
            request(input("UINT16", e -> e.addUintContents(-1), 1)),
            "inputs[0].contents[0] is 4294967295; an integer from 0 to 65535 is needed"),
        fault(
            request(input("INT8", e -> e.addIntContents(-129), 1)),
            "inputs[0].contents[0] is -129; an integer from -128 to 127 is needed"),
        fault(
            request(input("BYTES", e -> e.addBytesContents(hex("ff00")), 1)),
            "inputs[0].contents is damaged after 0 elements, or not UTF-8 as ONNX strings are"),
        fault(
            request(
                input("FP32", e -> e.addFp32Contents(1), 1),
                input("FP32", e -> e.addFp32Contents(1), 1)),
            "the input \"x\" is given twice; send each input once"),
        fault(
            request(input("FP32", 1).build(), input("FP32", 1).build())
                .addRawInputContents(hex("0000803f")),
            "raw_input_contents has 1 entries and inputs 2; send one for each input, in their"
                + " order"),
        fault(
            request(input("FP32", e -> e.addFp32Contents(1), 1))
                .addRawInputContents(hex("0000803f")),
            "inputs[0] has contents and raw_input_contents; send one of them"),
        fault(
            builder(raw("FP32", hex("000080"), 1)),
            "raw_input_contents[0] has 3 bytes; FP32 of shape [1] takes 4" + REMEDY),
        fault(
            builder(raw("BOOL", hex("02"), 1)),
            "raw_input_contents[0] has the byte 2 at 0; BOOL takes 0 or 1" + REMEDY),
        fault(
            builder(raw("BYTES", hex("05000000 61"), 1)),
            "raw_input_contents[0] says string 0 has 5 bytes, but only 1 follow" + REMEDY));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void refusesWithWordsForTheCaller(ModelInferRequest.Builder request, String message) {
    RequestException refused =
        catchThrowableOfType(RequestException.class, () -> tensors(request.build()));

    assertThat(refused).hasMessage(message);
    FailureAnswer answer = FailureAnswer.of(refused);
    assertThat(answer.grpc()).isEqualTo(FailureAnswer.GrpcCode.INVALID_ARGUMENT);
    assertThat(answer.type()).isEqualTo("bad_request");
  }

  @Test
  void takesMemoryForWhatItMakesAndNoMore() throws RequestException, InferenceException {
    // numbers in place take none, others what they take beyond the message, a string two objects
    assertThat(reserved(raw("FP32", hex("0000803f 0000803f"), 2))).isZero();
    assertThat(
            reserved(
                request(input("INT64", e -> e.addInt64Contents(1).addInt64Contents(2), 2)).build()))
        .isEqualTo(16 - 4);
    assertThat(reserved(request(input("FP32", e -> e.addFp32Contents(1), 1)).build())).isZero();
    assertThat(reserved(raw("BYTES", hex("00000000 00000000"), 2))).isEqualTo(112);
  }

  @Test
  void refusesWhatTheMemoryDoesNotTake() {
    byte[] bytes = request(input("INT64", e -> e.addInt64Contents(1), 1)).build().toByteArray();

    RequestException refused =
        catchThrowableOfType(
            RequestException.class,
            () ->
                InferMessage.read(
                        bytes,
                        bytes.length,
                        new InferRequestReader((name, type, shape) -> {}, more -> false))
                    .request());

    FailureAnswer answer = FailureAnswer.of(refused);
    assertThat(answer.grpc()).isEqualTo(FailureAnswer.GrpcCode.RESOURCE_EXHAUSTED);
    assertThat(answer.type()).isEqualTo("overloaded");
  }

  @Test
  void aWrongElementTypeIsDamage() throws IOException {
    // field 6 takes four bytes each; this is a varint
    byte[] contents = packedAndAlone(6, out -> out.writeUInt32(6, 1), ByteString.EMPTY);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    out.writeRawBytes(input("FP32", 0).build().toByteArray());
    out.writeByteArray(5, contents);
    out.flush();
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    CodedOutputStream outer = CodedOutputStream.newInstance(message);
    outer.writeByteArray(5, bytes.toByteArray());
    outer.flush();

    assertThatExceptionOfType(RequestException.class)
        .isThrownBy(() -> tensors(message.toByteArray()))
        .withMessage("inputs[0].contents is damaged after 0 elements");
  }

  private static long reserved(ModelInferRequest request)
      throws RequestException, InferenceException {
    byte[] bytes = request.toByteArray();
    long[] sum = {0};
    var _ =
        InferMessage.read(
                bytes,
                bytes.length,
                new InferRequestReader(
                    (name, type, shape) -> {},
                    more -> {
                      sum[0] += more;
                      return true;
                    }))
            .request();
    return sum[0];
  }

  private static Arguments fault(ModelInferRequest.Builder request, String message) {
    return Arguments.of(request, message);
  }

  private static ModelInferRequest.Builder builder(ModelInferRequest request) {
    return request.toBuilder();
  }

  /** Elements alone, then packed ones. */
  private static byte[] packedAndAlone(int field, Alone alone, ByteString packed)
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    alone.write(out);
    out.writeBytes(field, packed);
    out.flush();
    return bytes.toByteArray();
  }

  private interface Alone {
    void write(CodedOutputStream out) throws IOException;
  }
}
