package dev.modelserver.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.modelserver.server.grpc.wire.GRPCInferenceServiceGrpc;
import dev.modelserver.server.grpc.wire.InferTensorContents;
import dev.modelserver.server.grpc.wire.ModelInferRequest;
import dev.modelserver.server.grpc.wire.ModelInferRequest.InferInputTensor;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a person or a program reads of a failed request in the log; the model never ends. */
class LogIT {

  private static final String BRIEF =
      "{\"requestTimeoutMillis\":200,\"runtime\":{\"instances\":8}}";

  private static final Metadata.Key<String> REQUEST_ID =
      Metadata.Key.of("x-request-id", Metadata.ASCII_STRING_MARSHALLER);

  @TempDir private Path folder;

  @Test
  void inJsonEveryLineIsAnObjectAndAFailureHasItsRequest()
      throws IOException, InterruptedException {
    try (ServerProcess server =
        ServerProcess.start(folder, "endless", BRIEF, Map.of("MODELSERVER_LOG_FORMAT", "json"))) {
      HttpResponse<String> answer = fail(server, "order-66");
      assertThat(answer.headers().firstValue("X-Request-Id")).hasValue("order-66");

      JsonNode line =
          await()
              .atMost(Duration.ofSeconds(10))
              .until(
                  () ->
                      lines(server).stream()
                          .filter(each -> each.at("/mdc/request_id").isTextual())
                          .findFirst()
                          .orElse(null),
                  each -> each != null);

      assertThat(line.at("/mdc/request_id").asText()).isEqualTo("order-66");
      assertThat(line.get("level").asText()).isEqualTo("WARN");
      assertThat(line.get("message").asText())
          .startsWith("request order-66 failed: deadline_exceeded: ");
      assertThat(line.has("timestamp")).isTrue();
      assertThat(line.get("logger").asText()).startsWith("dev.modelserver.");
    }
  }

  @Test
  void withoutAnIdOneIsMadeAndTold() throws IOException, InterruptedException {
    try (ServerProcess server = ServerProcess.start(folder, "endless", BRIEF)) {
      String made = fail(server, "two words").headers().firstValue("X-Request-Id").orElseThrow();

      assertThat(made).matches("[0-9a-f]{16}");
      await()
          .atMost(Duration.ofSeconds(10))
          .untilAsserted(
              () ->
                  assertThat(server.log("serve"))
                      .contains("WARN  ")
                      .contains("request " + made + " failed: deadline_exceeded: ")
                      .doesNotContain("two words"));
    }
  }

  @Test
  void aFailureOfAGrpcCallHasItsRequestToo() throws IOException, InterruptedException {
    try (ServerProcess server = ServerProcess.start(folder, "endless", BRIEF)) {
      ManagedChannel channel =
          NettyChannelBuilder.forAddress("127.0.0.1", server.grpcPort()).usePlaintext().build();
      try {
        StatusRuntimeException refused =
            catchThrowableOfType(
                StatusRuntimeException.class,
                () ->
                    GRPCInferenceServiceGrpc.newBlockingStub(channel)
                        .withInterceptors(
                            MetadataUtils.newAttachHeadersInterceptor(metadata("order-67")))
                        .modelInfer(
                            ModelInferRequest.newBuilder()
                                .setModelName("endless")
                                .addInputs(
                                    InferInputTensor.newBuilder()
                                        .setName("x")
                                        .setDatatype("FP32")
                                        .addAllShape(List.of(1L, 1L))
                                        .setContents(
                                            InferTensorContents.newBuilder().addFp32Contents(1)))
                                .build()));

        assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
        assertThat(refused.getTrailers())
            .isNotNull()
            .satisfies(trailers -> assertThat(trailers.get(REQUEST_ID)).isEqualTo("order-67"));
        await()
            .atMost(Duration.ofSeconds(10))
            .untilAsserted(
                () ->
                    assertThat(server.log("serve"))
                        .contains("request order-67 failed: deadline_exceeded: "));
      } finally {
        channel.shutdownNow();
      }
    }
  }

  private static Metadata metadata(String id) {
    Metadata metadata = new Metadata();
    metadata.put(REQUEST_ID, id);
    return metadata;
  }

  private static HttpResponse<String> fail(ServerProcess server, String id)
      throws IOException, InterruptedException {
    HttpResponse<String> answer =
        server.send(
            HttpRequest.newBuilder(server.uri("/predict"))
                .header("Content-Type", "application/json")
                .header("X-Request-Id", id)
                .POST(HttpRequest.BodyPublishers.ofString("{\"features\":[1]}")));
    assertThat(answer.statusCode()).isEqualTo(504);
    return answer;
  }

  private static List<JsonNode> lines(ServerProcess server) throws IOException {
    ObjectMapper json = new ObjectMapper();
    return server
        .log("serve")
        .lines()
        .map(
            line -> {
              try {
                return json.readTree(line);
              } catch (JsonProcessingException e) {
                throw new AssertionError("no JSON: " + line, e);
              }
            })
        .toList();
  }
}
