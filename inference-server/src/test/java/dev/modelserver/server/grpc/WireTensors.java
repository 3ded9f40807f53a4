package dev.modelserver.server.grpc;

import com.google.protobuf.ByteString;
import dev.modelserver.server.grpc.wire.InferTensorContents;
import dev.modelserver.server.grpc.wire.ModelInferRequest;
import dev.modelserver.server.grpc.wire.ModelInferRequest.InferInputTensor;
import dev.modelserver.server.grpc.wire.ModelInferResponse;
import dev.modelserver.server.grpc.wire.ModelInferResponse.InferOutputTensor;
import dev.modelserver.server.tensor.DataType;
import dev.modelserver.server.tensor.NumericTensor;
import dev.modelserver.server.tensor.RawTensor;
import dev.modelserver.server.tensor.Shape;
import dev.modelserver.server.tensor.StringTensor;
import dev.modelserver.server.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The client's side of translation: tensors into requests, responses into tensors. */
public final class WireTensors {

  private WireTensors() {}

  /** A request for all outputs, with its inputs in raw form or as contents. */
  public static ModelInferRequest.Builder request(
      String model, Map<String, Tensor> inputs, boolean raw) {
    ModelInferRequest.Builder request = ModelInferRequest.newBuilder().setModelName(model);
    inputs.forEach(
        (name, tensor) -> {
          InferInputTensor.Builder input =
              InferInputTensor.newBuilder()
                  .setName(name)
                  .setDatatype(tensor.type().name())
                  .addAllShape(tensor.shape().dims());
          if (raw) {
            request.addRawInputContents(ByteString.copyFrom(RawTensor.bytes(tensor)));
          } else {
            input.setContents(contents(tensor));
          }
          request.addInputs(input);
        });
    return request;
  }

  /** Whether contents can hold the type. */
  public static boolean haveContents(Tensor tensor) {
    return tensor.type() != DataType.FP16 && tensor.type() != DataType.BF16;
  }

  /** The outputs by name, in the response's order. */
  public static Map<String, Tensor> outputs(ModelInferResponse response)
      throws RawTensor.FormatException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (int i = 0; i < response.getOutputsCount(); i++) {
      InferOutputTensor output = response.getOutputs(i);
      DataType type = DataType.valueOf(output.getDatatype());
      Shape shape = new Shape(output.getShapeList());
      tensors.put(
          output.getName(),
          response.getRawOutputContentsCount() > 0
              ? RawTensor.read(type, shape, response.getRawOutputContents(i).asReadOnlyByteBuffer())
              : tensor(type, shape, output.getContents()));
    }
    return tensors;
  }

  private static InferTensorContents contents(Tensor tensor) {
    InferTensorContents.Builder contents = InferTensorContents.newBuilder();
    switch (tensor) {
      case StringTensor strings ->
          strings
              .values()
              .forEach(value -> contents.addBytesContents(ByteString.copyFromUtf8(value)));
      case NumericTensor numbers -> {
        for (int i = 0; i < numbers.shape().elements(); i++) {
          var _ =
              switch (numbers.type()) {
                case BOOL -> contents.addBoolContents(numbers.longAt(i) == 1);
                case INT8, INT16, INT32 -> contents.addIntContents((int) numbers.longAt(i));
                case UINT8, UINT16, UINT32 -> contents.addUintContents((int) numbers.longAt(i));
                case INT64 -> contents.addInt64Contents(numbers.longAt(i));
                case UINT64 -> contents.addUint64Contents(numbers.longAt(i));
                case FP32 -> contents.addFp32Contents((float) numbers.doubleAt(i));
                case FP64 -> contents.addFp64Contents(numbers.doubleAt(i));
                case FP16, BF16, BYTES -> throw new IllegalArgumentException("raw only");
              };
        }
      }
    }
    return contents.build();
  }

  private static Tensor tensor(DataType type, Shape shape, InferTensorContents contents) {
    if (type == DataType.BYTES) {
      return new StringTensor(
          shape, contents.getBytesContentsList().stream().map(ByteString::toStringUtf8).toList());
    }
    NumericTensor tensor = NumericTensor.allocate(type, shape);
    ByteBuffer data = tensor.data();
    List<? extends Object> values =
        switch (type) {
          case BOOL -> contents.getBoolContentsList();
          case INT8, INT16, INT32 -> contents.getIntContentsList();
          case UINT8, UINT16, UINT32 -> contents.getUintContentsList();
          case INT64 -> contents.getInt64ContentsList();
          case UINT64 -> contents.getUint64ContentsList();
          case FP32 -> contents.getFp32ContentsList();
          case FP64 -> contents.getFp64ContentsList();
          case FP16, BF16, BYTES -> throw new IllegalArgumentException("raw only");
        };
    for (int i = 0; i < values.size(); i++) {
      int at = i * type.size();
      var _ =
          switch (values.get(i)) {
            case Boolean value -> data.put(at, value ? (byte) 1 : 0);
            case Float value -> data.putFloat(at, value);
            case Double value -> data.putDouble(at, value);
            case Long value -> data.putLong(at, value);
            case Integer value when type.size() == 1 -> data.put(at, value.byteValue());
            case Integer value when type.size() == 2 -> data.putShort(at, value.shortValue());
            case Integer value -> data.putInt(at, value);
            default -> throw new IllegalStateException();
          };
    }
    return tensor;
  }
}
