package dev.modelserver.server.grpc;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import dev.modelserver.server.failure.RequestException;
import dev.modelserver.server.grpc.wire.InferParameter;
import dev.modelserver.server.grpc.wire.ModelInferRequest;
import dev.modelserver.server.grpc.wire.ModelInferRequest.InferInputTensor;
import dev.modelserver.server.grpc.wire.ModelInferRequest.InferRequestedOutputTensor;
import dev.modelserver.server.http.ModelPath;
import dev.modelserver.server.inference.InferenceException;
import dev.modelserver.server.oip.BinaryElements;
import dev.modelserver.server.oip.InferRequest;
import dev.modelserver.server.oip.InferRequestReader;
import dev.modelserver.server.oip.InputReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads a ModelInferRequest from its wire format: first what it says, then, once the model it names
 * is known to be the one that is served, the elements of its inputs. Reading it ourselves, instead
 * of having generated code make an object of everything, keeps what a message costs in memory near
 * its own size, and copies each element once.
 */
final class InferMessage {

  /** The parameter that says how long the caller waits, in microseconds. */
  private static final String TIMEOUT = "timeout";

  private static final String RAW = "raw_input_contents";

  /** A part of the message. */
  record Slice(int from, int length) {}

  /** An input and where its contents are: one part, or several, which is legal and unusual. */
  private record Input(InputReader reader, List<Slice> contents) {}

  /** One parameter, its value as it stands in the message. */
  private record Parameter(String key, Slice value) {}

  private final byte[] bytes;
  private final CodedInputStream in;
  private final InferRequestReader request;
  private final List<Input> inputs = new ArrayList<>();
  private final Set<String> outputs = new HashSet<>();
  private final List<Slice> raw = new ArrayList<>();
  private String modelName = "";
  private String modelVersion = "";

  private InferMessage(byte[] bytes, int length, InferRequestReader request) {
    this.bytes = bytes;
    this.in = CodedInputStream.newInstance(bytes, 0, length);
    this.request = request;
  }

  /**
   * Reads the first {@code length} bytes, all but the elements.
   *
   * @param bytes must not change while the request's tensors are used: raw numbers stay in them
   */
  static InferMessage read(byte[] bytes, int length, InferRequestReader request)
      throws RequestException {
    InferMessage message = new InferMessage(bytes, length, request);
    try {
      message.fields();
      return message;
    } catch (InvalidProtocolBufferException e) {
      throw RequestException.malformed(
          "the message is not a ModelInferRequest: it is damaged near byte %d; send what inference.proto of the Open Inference Protocol says"
              .formatted(message.in.getTotalBytesRead()));
    } catch (IOException e) {
      throw new IllegalStateException("memory can always be read", e);
    }
  }

  /** The model that is asked. */
  ModelPath model() {
    return new ModelPath(modelName, modelVersion.isEmpty() ? null : modelVersion);
  }

  /** Reads the elements. */
  InferRequest request() throws RequestException, InferenceException {
    if (!raw.isEmpty() && raw.size() != inputs.size()) {
      throw RequestException.malformed(
          "%s has %d entries and inputs %d; send one for each input, in their order"
              .formatted(RAW, raw.size(), inputs.size()));
    }
    for (int i = 0; i < inputs.size(); i++) {
      Input input = inputs.get(i);
      if (raw.isEmpty()) {
        input
            .reader()
            .read(
                new MessageContents(bytes, input.reader().place() + ".contents", input.contents()));
      } else {
        input.reader().elementsIn(RAW);
        Slice part = raw.get(i);
        input
            .reader()
            .read(
                new BinaryElements(
                    RAW + "[" + i + "]",
                    ByteBuffer.wrap(bytes, part.from(), part.length()).slice()));
      }
    }
    request.binaryOutputs(!raw.isEmpty());
    return request.request();
  }

  /** The fields of the messages, by the protocol's numbers. */
  private void fields() throws IOException, RequestException {
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (tag) {
        case ModelInferRequest.MODEL_NAME_FIELD_NUMBER << 3 | 2 ->
            modelName = in.readStringRequireUtf8();
        case ModelInferRequest.MODEL_VERSION_FIELD_NUMBER << 3 | 2 ->
            modelVersion = in.readStringRequireUtf8();
        case ModelInferRequest.ID_FIELD_NUMBER << 3 | 2 -> request.id(in.readStringRequireUtf8());
        case ModelInferRequest.PARAMETERS_FIELD_NUMBER << 3 | 2 -> {
          Parameter parameter = parameter();
          if (parameter.key().equals(TIMEOUT)) {
            request.timeout(micros(parameter.value()));
          }
        }
        case ModelInferRequest.INPUTS_FIELD_NUMBER << 3 | 2 -> input();
        case ModelInferRequest.OUTPUTS_FIELD_NUMBER << 3 | 2 -> output();
        case ModelInferRequest.RAW_INPUT_CONTENTS_FIELD_NUMBER << 3 | 2 -> {
          InferRequestReader.limit(RAW, raw.size());
          raw.add(slice());
        }
        default -> skip(tag);
      }
    }
  }

  private void input() throws IOException, RequestException {
    InputReader input = request.input();
    List<Long> shape = new ArrayList<>(4);
    List<Slice> contents = new ArrayList<>(1);
    int limit = in.pushLimit(in.readRawVarint32());
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (tag) {
        case InferInputTensor.NAME_FIELD_NUMBER << 3 | 2 -> input.name(in.readStringRequireUtf8());
        case InferInputTensor.DATATYPE_FIELD_NUMBER << 3 | 2 ->
            input.datatype(in.readStringRequireUtf8());
        case InferInputTensor.SHAPE_FIELD_NUMBER << 3 -> addDim(shape);
        case InferInputTensor.SHAPE_FIELD_NUMBER << 3 | 2 -> {
          int packed = in.pushLimit(in.readRawVarint32());
          while (in.getBytesUntilLimit() > 0) {
            addDim(shape);
          }
          in.popLimit(packed);
        }
        case InferInputTensor.PARAMETERS_FIELD_NUMBER << 3 | 2 ->
            input.parameter(parameter().key());
        case InferInputTensor.CONTENTS_FIELD_NUMBER << 3 | 2 -> {
          InferRequestReader.limit(input.place() + ".contents", contents.size());
          contents.add(slice());
        }
        default -> skip(tag);
      }
    }
    in.popLimit(limit);
    if (!contents.isEmpty()) {
      input.elementsIn("contents");
    }
    input.shape(shape);
    inputs.add(new Input(input, contents));
  }

  private void addDim(List<Long> shape) throws IOException {
    long dim = in.readInt64();
    if (shape.size() <= InputReader.MAX_RANK) {
      shape.add(dim);
    }
  }

  /** An output that is named again is answered once. */
  private void output() throws IOException, RequestException {
    request.beginOutput();
    String name = null;
    int limit = in.pushLimit(in.readRawVarint32());
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (tag) {
        case InferRequestedOutputTensor.NAME_FIELD_NUMBER << 3 | 2 ->
            name = in.readStringRequireUtf8();
        case InferRequestedOutputTensor.PARAMETERS_FIELD_NUMBER << 3 | 2 ->
            request.outputParameter(parameter().key());
        default -> skip(tag);
      }
    }
    in.popLimit(limit);
    if (name == null || outputs.add(name)) {
      request.output(name, null);
    }
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
        InferParameter.parseFrom(CodedInputStream.newInstance(bytes, value.from(), value.length()));
    return switch (parameter.getParameterChoiceCase()) {
      case INT64_PARAM -> parameter.getInt64Param();
      case UINT64_PARAM -> parameter.getUint64Param();
      case BOOL_PARAM, STRING_PARAM, DOUBLE_PARAM, PARAMETERCHOICE_NOT_SET ->
          throw RequestException.malformed(
              "parameters.%s is not an integer; send the number of microseconds as int64_param"
                  .formatted(TIMEOUT));
    };
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
}
