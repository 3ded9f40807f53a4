package dev.modelserver.server.grpc;

import com.google.protobuf.ByteString;
import dev.modelserver.server.failure.RequestException;
import dev.modelserver.server.grpc.wire.InferTensorContents;
import dev.modelserver.server.grpc.wire.ModelInferRequest;
import dev.modelserver.server.grpc.wire.ModelInferRequest.InferInputTensor;
import dev.modelserver.server.inference.InferenceException;
import dev.modelserver.server.oip.InferRequest;
import dev.modelserver.server.oip.InferRequestReader;
import dev.modelserver.server.tensor.NumericTensor;
import dev.modelserver.server.tensor.StringTensor;
import dev.modelserver.server.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Requests as clients make them, and what became of them. */
final class Messages {

  private Messages() {}

  static ModelInferRequest.Builder request(InferInputTensor... inputs) {
    return ModelInferRequest.newBuilder().setModelName("m").addAllInputs(List.of(inputs));
  }

  static InferInputTensor.Builder input(String datatype, long... shape) {
    InferInputTensor.Builder input =
        InferInputTensor.newBuilder().setName("x").setDatatype(datatype);
    for (long dim : shape) {
      input.addShape(dim);
    }
    return input;
  }

  static InferInputTensor input(
      String datatype, Consumer<InferTensorContents.Builder> elements, long... shape) {
    InferTensorContents.Builder contents = InferTensorContents.newBuilder();
    elements.accept(contents);
    return input(datatype, shape).setContents(contents).build();
  }

  /** One input in raw form. */
  static ModelInferRequest raw(String datatype, ByteString bytes, long... shape) {
    return request(input(datatype, shape).build()).addRawInputContents(bytes).build();
  }

  static ByteString hex(String digits) {
    return ByteString.copyFrom(HexFormat.of().parseHex(digits.replace(" ", "")));
  }

  static InferRequest read(ModelInferRequest request) throws RequestException, InferenceException {
    return read(request.toByteArray());
  }

  /** Of a model that takes anything. */
  static InferRequest read(byte[] bytes) throws RequestException, InferenceException {
    return message(bytes, bytes.length).request();
  }

  static InferMessage message(byte[] bytes, int length) throws RequestException {
    return InferMessage.read(
        bytes, length, new InferRequestReader((name, type, shape) -> {}, more -> true));
  }

  static Map<String, Tensor> tensors(ModelInferRequest request)
      throws RequestException, InferenceException {
    return read(request).inputs();
  }

  static Map<String, Tensor> tensors(byte[] bytes) throws RequestException, InferenceException {
    return read(bytes).inputs();
  }

  static Map<String, String> shown(Map<String, Tensor> tensors) {
    Map<String, String> shown = new LinkedHashMap<>();
    tensors.forEach((name, tensor) -> shown.put(name, shown(tensor)));
    return shown;
  }

  /** Type, shape and elements in a form to compare: the bytes in hexadecimal, or the texts. */
  private static String shown(Tensor tensor) {
    String elements =
        switch (tensor) {
          case NumericTensor numbers -> {
            ByteBuffer data = numbers.data().duplicate().order(ByteOrder.LITTLE_ENDIAN).rewind();
            byte[] bytes = new byte[data.remaining()];
            data.get(bytes);
            yield HexFormat.ofDelimiter(" ").formatHex(bytes);
          }
          case StringTensor strings -> strings.values().toString();
        };
    return tensor.type() + tensor.shape().toString() + " " + elements;
  }

  static ByteString text(String value) {
    return ByteString.copyFrom(value, StandardCharsets.UTF_8);
  }
}
