package dev.modelserver.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.BlockingClientCall;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is switched off is not there, and nothing leads to it. */
class EndpointsIT {

  private static final String MODEL = "integer-labels";
  private static final String BODY = "{\"features\":[1,2]}";
  private static final List<String> PAGES =
      List.of("/metrics", "/info", "/docs", "/docs/swagger-ui.css", "/openapi.json");

  @Test
  void allOff(@TempDir Path folder) throws Exception {
    String off =
        "{\"endpoints\":{\"metrics\":\"Disabled\",\"info\":\"Disabled\",\"docs\":\"Disabled\","
            + "\"openApi\":\"Disabled\",\"grpcReflection\":\"Disabled\"}}";
    try (ServerProcess server = ServerProcess.start(folder, MODEL, off);
        GrpcClient client = new GrpcClient(server)) {
      for (String path : PAGES) {
        HttpResponse<String> answer = server.get(path);
        assertThat(answer.statusCode()).as(path + " " + answer.body()).isEqualTo(404);
        assertThat(server.post(path, "{}").statusCode()).as("POST " + path).isEqualTo(404);
      }
      assertThat(server.get("/").body())
          .isEqualTo("{\"predict\":\"predict\",\"health\":\"health\",\"ready\":\"ready\"}");
      assertThat(reflection(client)).isEqualTo(Status.Code.UNIMPLEMENTED);

      assertThat(server.post("/predict", BODY).statusCode()).isEqualTo(200);
      assertThat(server.get("/ready").statusCode()).isEqualTo(200);
      assertThat(server.management("/metrics").body()).contains("ml_predictions_total");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "metrics, /metrics",
    "info, /info",
    "docs, /docs",
    "openApi, '/openapi.json /docs /docs/swagger-ui.css'"
  })
  void oneOff(String field, String off, @TempDir Path folder)
      throws IOException, InterruptedException {
    String config = "{\"endpoints\":{\"%s\":\"Disabled\"}}".formatted(field);
    List<String> gone = List.of(off.split(" "));
    try (ServerProcess server = ServerProcess.start(folder, MODEL, config)) {
      for (String path : PAGES) {
        boolean shown =
            !gone.contains(path) && !(gone.contains("/docs") && path.startsWith("/docs/"));
        assertThat(server.get(path).statusCode()).as(path).isEqualTo(shown ? 200 : 404);
      }
      String links = server.get("/").body();
      assertThat(gone)
          .allSatisfy(path -> assertThat(links).doesNotContain("\"" + path.substring(1) + "\""));
      if (!gone.contains("/openapi.json")) {
        String document = server.get("/openapi.json").body();
        assertThat(gone)
            .allSatisfy(path -> assertThat(document).doesNotContain("\"" + path + "\""));
      }
    }
  }

  private static Status.Code reflection(GrpcClient client) throws InterruptedException {
    BlockingClientCall<ServerReflectionRequest, ServerReflectionResponse> call =
        ServerReflectionGrpc.newBlockingV2Stub(client.channel()).serverReflectionInfo();
    try {
      call.write(ServerReflectionRequest.newBuilder().setListServices("").build());
      return call.read() == null ? Status.Code.OK : Status.Code.UNKNOWN;
    } catch (StatusException e) {
      return e.getStatus().getCode();
    }
  }
}
