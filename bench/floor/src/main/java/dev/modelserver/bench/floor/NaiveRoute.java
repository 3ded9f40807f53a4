package dev.modelserver.bench.floor;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A model as samples call it: a tree from Jackson, a {@code float[][]}, one run for each request,
 * on the event loop. {@code POST /naive} takes one FP32 input of two dimensions as the Open
 * Inference Protocol writes it in binary. The model is the file of the system property {@code
 * naive.model}.
 */
@Singleton
final class NaiveRoute {

  private static final String HEADER_LENGTH = "Inference-Header-Content-Length";

  private final ObjectMapper json = new ObjectMapper();
  private final @Nullable OrtSession session;

  NaiveRoute() throws OrtException {
    String file = System.getProperty("naive.model");
    session = file == null ? null : open(file);
  }

  void register(@Observes Router router) {
    OrtSession model = session;
    if (model != null) {
      router.route("/naive").handler(context -> read(context, model));
    }
  }

  private static OrtSession open(String file) throws OrtException {
    try (var options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      return OrtEnvironment.getEnvironment().createSession(file, options);
    }
  }

  private void read(RoutingContext context, OrtSession model) {
    context
        .request()
        .bodyHandler(
            body -> {
              try {
                int header = Integer.parseInt(context.request().getHeader(HEADER_LENGTH));
                answer(context, run(model, body, header));
              } catch (IOException | OrtException e) {
                context.fail(e);
              }
            })
        .resume();
  }

  private byte[] run(OrtSession model, Buffer body, int header) throws IOException, OrtException {
    JsonNode input = json.readTree(body.getBytes(0, header)).get("inputs").get(0);
    int rows = input.get("shape").get(0).intValue();
    int columns = input.get("shape").get(1).intValue();
    var floats =
        ByteBuffer.wrap(body.getBytes(header, body.length()))
            .order(ByteOrder.LITTLE_ENDIAN)
            .asFloatBuffer();
    float[][] values = new float[rows][columns];
    for (float[] row : values) {
      floats.get(row);
    }
    try (OnnxTensor tensor = OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), values);
        OrtSession.Result result = model.run(Map.of(input.get("name").textValue(), tensor))) {
      return json.writeValueAsBytes(Map.of("outputs", result.get(0).getValue()));
    }
  }

  private static void answer(RoutingContext context, byte[] bytes) {
    var _ =
        context
            .response()
            .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
            .end(Buffer.buffer(bytes));
  }
}
