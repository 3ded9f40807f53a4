package dev.modelserver.server.openinference;

import dev.modelserver.server.http.Answer;
import dev.modelserver.server.http.BodyReader;
import dev.modelserver.server.inference.InferenceException;
import dev.modelserver.server.inference.InferenceFailure;
import dev.modelserver.server.json.JsonWriter;
import dev.modelserver.server.model.ModelIdentity;
import dev.modelserver.server.oip.InferRequest;
import dev.modelserver.server.oip.RequestedOutput;
import dev.modelserver.server.onnx.RunOutputs;
import dev.modelserver.server.tensor.RawTensor;
import dev.modelserver.server.tensor.Tensor;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Writes the answer to an inference request: JSON, and behind it the binary data of the outputs
 * that are wanted so.
 */
final class InferAnswer {

  /** Values that an answer may hold as JSON, which takes some ten times the memory. */
  static final long MAX_JSON_VALUES = Math.max(1_000_000, BodyReader.MAX_BYTES / 8);

  private static final String OCTETS = "application/octet-stream";

  private final JsonWriter json;
  private final List<ByteBuffer> binaries = new ArrayList<>();
  private long binaryBytes;

  private InferAnswer(int expected) {
    this.json = new JsonWriter(expected);
  }

  static Answer of(ModelIdentity identity, InferRequest request, RunOutputs outputs)
      throws InferenceException {
    List<RequestedOutput> wanted =
        request.outputs().isEmpty()
            ? outputs.tensors().keySet().stream()
                .map(name -> new RequestedOutput(name, null))
                .toList()
            : request.outputs().stream()
                .flatMap(
                    output ->
                        outputs.names(List.of(output.name())).stream()
                            .map(name -> new RequestedOutput(name, output.binary())))
                .toList();
    long values = 0;
    for (RequestedOutput output : wanted) {
      values += binary(request, output) ? 0 : tensor(outputs, output).shape().elements();
    }
    if (values > MAX_JSON_VALUES) {
      throw new InferenceException(
          new InferenceFailure.InvalidInput(
              "the answer would have "
                  + values
                  + " values as JSON, at most "
                  + MAX_JSON_VALUES
                  + "; ask for binary data with the parameter binary_data_output, or send fewer"
                  + " rows"));
    }
    InferAnswer answer = new InferAnswer((int) (512 + 12 * values));
    answer.write(identity, request, outputs, wanted);
    return answer.finish();
  }

  private void write(
      ModelIdentity identity,
      InferRequest request,
      RunOutputs outputs,
      List<RequestedOutput> wanted) {
    json.raw("{\"model_name\":").string(identity.name());
    json.raw(",\"model_version\":").string(identity.version());
    String id = request.id();
    if (id != null) {
      json.raw(",\"id\":").string(id);
    }
    json.raw(",\"outputs\":[");
    String separator = "";
    for (RequestedOutput output : wanted) {
      json.raw(separator);
      output(output.name(), tensor(outputs, output), binary(request, output));
      separator = ",";
    }
    json.raw("]}");
  }

  private void output(String name, Tensor tensor, boolean binary) {
    json.raw("{\"name\":").string(name);
    json.raw(",\"datatype\":\"").raw(tensor.type().name()).raw("\",\"shape\":[");
    String separator = "";
    for (long dim : tensor.shape().dims()) {
      json.raw(separator).number(dim);
      separator = ",";
    }
    if (binary) {
      ByteBuffer bytes = RawTensor.bytes(tensor);
      json.raw("],\"parameters\":{\"binary_data_size\":").number(bytes.remaining()).raw("}}");
      binaries.add(bytes);
      binaryBytes += bytes.remaining();
    } else {
      json.raw("],\"data\":[").elements(tensor).raw("]}");
    }
  }

  private Answer finish() throws InferenceException {
    long size = json.length() + binaryBytes;
    if (size > Integer.MAX_VALUE - 16) {
      throw new InferenceException(
          new InferenceFailure.InvalidInput(
              "the answer would have " + size + " bytes; send fewer rows"));
    }
    Buffer body = Buffer.buffer((int) size);
    json.appendTo(body);
    if (binaries.isEmpty()) {
      return new Answer("application/json", body, Map.of());
    }
    for (ByteBuffer bytes : binaries) {
      body.setBytes(body.length(), bytes);
    }
    return new Answer(OCTETS, body, Map.of(BinaryHeader.NAME, Integer.toString(json.length())));
  }

  private static boolean binary(InferRequest request, RequestedOutput output) {
    Boolean own = output.binary();
    return own != null ? own : request.binaryOutputs();
  }

  private static Tensor tensor(RunOutputs outputs, RequestedOutput output) {
    Tensor tensor = outputs.tensors().get(output.name());
    if (tensor == null) {
      throw new IllegalStateException("the service gives what it was asked for");
    }
    return tensor;
  }
}
