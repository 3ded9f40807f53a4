package dev.modelserver.server.grpc;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import dev.modelserver.server.failure.Excerpt;
import dev.modelserver.server.failure.RequestException;
import dev.modelserver.server.grpc.wire.InferParameter;
import dev.modelserver.server.grpc.wire.ModelInferRequest;
import dev.modelserver.server.grpc.wire.ModelInferRequest.InferInputTensor;
import dev.modelserver.server.grpc.wire.ModelInferRequest.InferRequestedOutputTensor;
import dev.modelserver.server.http.ModelPath;
import dev.modelserver.server.http.UnservedParameters;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A ModelInferRequest as far as its structure goes: names and shapes are read, elements stay where
 * they are in the message. Reading the wire format ourselves, instead of having generated code make
 * an object of everything, keeps what a message costs in memory near its own size, and copies each
 * element once.
 *
 * @param timeoutMicros the parameter {@code timeout}; null when there is none
 * @param raw the raw contents, in the order of the inputs; none when the inputs carry their own
 */
record InferMessage(
    ModelPath model,
    String id,
    @Nullable Long timeoutMicros,
    List<Input> inputs,
    List<String> outputs,
    List<Slice> raw) {

  /** More than any model has inputs or outputs; it bounds the memory of a hostile message. */
  static final int MAX_TENSORS = 1024;

  /** Dimensions of one tensor. */
  static final int MAX_RANK = 32;

  /** The parameter that says how long the caller waits, in microseconds. */
  private static final String TIMEOUT = "timeout";

  /** A part of the message. */
  record Slice(int from, int length) {}

  /**
   * One input.
   *
   * @param contents where its elements are: one part, or several, which is legal and unusual
   */
  record Input(String name, String datatype, List<Long> shape, List<Slice> contents) {}

  /** One parameter, its value as it stands in the message. */
  private record Parameter(String key, Slice value) {}

  /** Reads the first {@code length} bytes. */
  static InferMessage read(byte[] bytes, int length) throws RequestException {
    CodedInputStream in = CodedInputStream.newInstance(bytes, 0, length);
    try {
      return new Reader(in, bytes).message();
    } catch (InvalidProtocolBufferException e) {
      throw RequestException.malformed(
          "the message is not a ModelInferRequest: it is damaged near byte "
              + in.getTotalBytesRead()
              + "; send what inference.proto of the Open Inference Protocol says");
    } catch (IOException e) {
      throw new IllegalStateException("memory can always be read", e);
    }
  }

  /** The fields of the messages, by the protocol's numbers. */
  private static final class Reader {
    private final CodedInputStream in;
    private final byte[] bytes;

    Reader(CodedInputStream in, byte[] bytes) {
      this.in = in;
      this.bytes = bytes;
    }

    InferMessage message() throws IOException, RequestException {
      String modelName = "";
      String modelVersion = "";
      String id = "";
      Long timeout = null;
      List<Input> inputs = new ArrayList<>();
      List<String> outputs = new ArrayList<>();
      List<Slice> raw = new ArrayList<>();
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        switch (tag) {
          case ModelInferRequest.MODEL_NAME_FIELD_NUMBER << 3 | 2 ->
              modelName = in.readStringRequireUtf8();
          case ModelInferRequest.MODEL_VERSION_FIELD_NUMBER << 3 | 2 ->
              modelVersion = in.readStringRequireUtf8();
          case ModelInferRequest.ID_FIELD_NUMBER << 3 | 2 -> id = in.readStringRequireUtf8();
          case ModelInferRequest.PARAMETERS_FIELD_NUMBER << 3 | 2 -> {
            Parameter parameter = parameter();
            if (parameter.key().equals(TIMEOUT)) {
              timeout = micros(parameter.value());
            }
          }
          case ModelInferRequest.INPUTS_FIELD_NUMBER << 3 | 2 ->
              add(inputs, input(inputs.size()), "inputs");
          case ModelInferRequest.OUTPUTS_FIELD_NUMBER << 3 | 2 ->
              add(outputs, output(outputs.size()), "outputs");
          case ModelInferRequest.RAW_INPUT_CONTENTS_FIELD_NUMBER << 3 | 2 ->
              add(raw, slice(), "raw_input_contents");
          default -> skip(tag);
        }
      }
      return new InferMessage(
          new ModelPath(modelName, modelVersion.isEmpty() ? null : modelVersion),
          id,
          timeout,
          inputs,
          outputs,
          raw);
    }

    private Input input(int index) throws IOException, RequestException {
      int limit = in.pushLimit(in.readRawVarint32());
      String name = "";
      String datatype = "";
      List<Long> shape = new ArrayList<>();
      List<Slice> contents = new ArrayList<>(1);
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        switch (tag) {
          case InferInputTensor.NAME_FIELD_NUMBER << 3 | 2 -> name = in.readStringRequireUtf8();
          case InferInputTensor.DATATYPE_FIELD_NUMBER << 3 | 2 ->
              datatype = in.readStringRequireUtf8();
          case InferInputTensor.SHAPE_FIELD_NUMBER << 3 -> addDim(shape, name);
          case InferInputTensor.SHAPE_FIELD_NUMBER << 3 | 2 -> {
            int packed = in.pushLimit(in.readRawVarint32());
            while (in.getBytesUntilLimit() > 0) {
              addDim(shape, name);
            }
            in.popLimit(packed);
          }
          case InferInputTensor.PARAMETERS_FIELD_NUMBER << 3 | 2 ->
              UnservedParameters.refuse(parameter().key(), "inputs[" + index + "].parameters");
          case InferInputTensor.CONTENTS_FIELD_NUMBER << 3 | 2 ->
              add(contents, slice(), "contents of one input");
          default -> skip(tag);
        }
      }
      in.popLimit(limit);
      return new Input(name, datatype, shape, contents);
    }

    private void addDim(List<Long> shape, String name) throws IOException, RequestException {
      if (shape.size() == MAX_RANK) {
        throw RequestException.malformed(
            "the input " + Excerpt.quoted(name) + " has more than " + MAX_RANK + " dimensions");
      }
      shape.add(in.readInt64());
    }

    private String output(int index) throws IOException, RequestException {
      int limit = in.pushLimit(in.readRawVarint32());
      String name = "";
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        switch (tag) {
          case InferRequestedOutputTensor.NAME_FIELD_NUMBER << 3 | 2 ->
              name = in.readStringRequireUtf8();
          case InferRequestedOutputTensor.PARAMETERS_FIELD_NUMBER << 3 | 2 ->
              UnservedParameters.refuse(parameter().key(), "outputs[" + index + "].parameters");
          default -> skip(tag);
        }
      }
      in.popLimit(limit);
      return name;
    }

    /** Reads one entry of the parameters of the request or a tensor. */
    private Parameter parameter() throws IOException {
      int limit = in.pushLimit(in.readRawVarint32());
      String key = "";
      Slice value = new Slice(0, 0);
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        switch (tag) {
          case 1 << 3 | 2 -> key = in.readStringRequireUtf8();
          case 2 << 3 | 2 -> value = slice();
          default -> skip(tag);
        }
      }
      in.popLimit(limit);
      return new Parameter(key, value);
    }

    private long micros(Slice value) throws IOException, RequestException {
      InferParameter parameter =
          InferParameter.parseFrom(
              CodedInputStream.newInstance(bytes, value.from(), value.length()));
      long micros =
          switch (parameter.getParameterChoiceCase()) {
            case INT64_PARAM -> parameter.getInt64Param();
            case UINT64_PARAM -> parameter.getUint64Param();
            case BOOL_PARAM, STRING_PARAM, DOUBLE_PARAM, PARAMETERCHOICE_NOT_SET -> -1;
          };
      if (micros < 0) {
        throw RequestException.malformed(
            "the parameter timeout is not a number of microseconds; give it as int64_param, from 0");
      }
      return micros;
    }

    private Slice slice() throws IOException {
      int length = in.readRawVarint32();
      int from = in.getTotalBytesRead();
      in.skipRawBytes(length);
      return new Slice(from, length);
    }

    private void skip(int tag) throws IOException {
      if (WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_END_GROUP || !in.skipField(tag)) {
        throw new InvalidProtocolBufferException("the end of a group that did not begin");
      }
    }

    private static <T> void add(List<T> list, T element, String field) throws RequestException {
      if (list.size() == MAX_TENSORS) {
        throw RequestException.malformed(
            "the request has more than " + MAX_TENSORS + " " + field + "; no model has so many");
      }
      list.add(element);
    }
  }
}
