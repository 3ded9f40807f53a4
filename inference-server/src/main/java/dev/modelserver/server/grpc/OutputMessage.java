package dev.modelserver.server.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.modelserver.server.grpc.wire.InferTensorContents;
import dev.modelserver.server.grpc.wire.ModelInferResponse;
import dev.modelserver.server.grpc.wire.ModelInferResponse.InferOutputTensor;
import dev.modelserver.server.model.ModelIdentity;
import dev.modelserver.server.oip.InferRequest;
import dev.modelserver.server.onnx.RunOutputs;
import dev.modelserver.server.tensor.DataType;
import dev.modelserver.server.tensor.NumericTensor;
import dev.modelserver.server.tensor.RawTensor;
import dev.modelserver.server.tensor.StringTensor;
import dev.modelserver.server.tensor.Tensor;
import java.util.Collection;
import java.util.Map;

/** Outputs as a message: in raw form when the request was, or when a type has no other form. */
final class OutputMessage {

  private OutputMessage() {}

  /** The message; it refers to the outputs' memory until it is written. */
  static ModelInferResponse of(ModelIdentity model, InferRequest request, RunOutputs outputs) {
    Map<String, Tensor> tensors = outputs.tensors();
    boolean raw =
        request.binaryOutputs() || tensors.values().stream().anyMatch(OutputMessage::onlyRaw);
    ModelInferResponse.Builder response =
        ModelInferResponse.newBuilder().setModelName(model.name()).setModelVersion(model.version());
    String id = request.id();
    if (id != null) {
      response.setId(id);
    }
    Collection<String> wanted = request.toInferenceRequest().outputs();
    for (String name : wanted.isEmpty() ? tensors.keySet() : wanted) {
      Tensor tensor = tensors.get(name);
      if (tensor == null) {
        throw new IllegalStateException("the run did not give the output " + name);
      }
      InferOutputTensor.Builder output =
          InferOutputTensor.newBuilder()
              .setName(name)
              .setDatatype(tensor.type().name())
              .addAllShape(tensor.shape().dims());
      if (raw) {
        response.addRawOutputContents(UnsafeByteOperations.unsafeWrap(RawTensor.bytes(tensor)));
      } else {
        output.setContents(contents(tensor));
      }
      response.addOutputs(output);
    }
    return response.build();
  }

  private static boolean onlyRaw(Tensor tensor) {
    return tensor.type() == DataType.FP16 || tensor.type() == DataType.BF16;
  }

  private static InferTensorContents contents(Tensor tensor) {
    InferTensorContents.Builder contents = InferTensorContents.newBuilder();
    switch (tensor) {
      case StringTensor strings ->
          strings
              .values()
              .forEach(value -> contents.addBytesContents(ByteString.copyFromUtf8(value)));
      case NumericTensor numbers -> {
        int count = (int) numbers.shape().elements();
        for (int i = 0; i < count; i++) {
          add(contents, numbers, i);
        }
      }
    }
    return contents.build();
  }

  private static void add(InferTensorContents.Builder contents, NumericTensor numbers, int index) {
    var _ =
        switch (numbers.type()) {
          case BOOL -> contents.addBoolContents(numbers.longAt(index) != 0);
          case INT8, INT16, INT32 -> contents.addIntContents((int) numbers.longAt(index));
          case INT64 -> contents.addInt64Contents(numbers.longAt(index));
          case UINT8, UINT16, UINT32 -> contents.addUintContents((int) numbers.longAt(index));
          case UINT64 -> contents.addUint64Contents(numbers.longAt(index));
          case FP32 -> contents.addFp32Contents(numbers.data().getFloat(index * 4));
          case FP64 -> contents.addFp64Contents(numbers.data().getDouble(index * 8));
          case FP16, BF16, BYTES ->
              throw new IllegalStateException(numbers.type() + " has no such field");
        };
  }
}
