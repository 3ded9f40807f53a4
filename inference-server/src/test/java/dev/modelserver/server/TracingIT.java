package dev.modelserver.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.modelserver.server.OtlpReceiver.Span;
import dev.modelserver.server.grpc.wire.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged server and a collector: what a trace shows, and that it never harms a request. */
class TracingIT {

  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String CALLER = "b7ad6b7169203331";
  private static final String SAMPLED = "00-" + TRACE + "-" + CALLER + "-01";
  private static final String ROW = "{\"features\":[1,2]}";
  private static final String NEVER_BY_TIME = "600000";

  @TempDir private Path folder;

  @Test
  void aTracedRequestHasASpanWithItsWaitAndItsRunWhichAreSentBeforeTheEnd()
      throws IOException, InterruptedException {
    try (OtlpReceiver collector = new OtlpReceiver();
        ServerProcess server =
            start(
                collector,
                "integer-labels",
                "{\"drainDelayMillis\":0}",
                Map.of("OTEL_BSP_SCHEDULE_DELAY", NEVER_BY_TIME))) {
      HttpResponse<String> answer = predict(server, ROW, SAMPLED);
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(server.get("/health").statusCode()).isEqualTo(200);
      assertThat(collector.spans()).isEmpty();

      server.process().destroy();
      assertThat(server.process().waitFor(30, TimeUnit.SECONDS)).isTrue();

      assertThat(server.process().exitValue()).isZero();
      Span request = only(collector, "POST /predict");
      assertThat(request.trace()).isEqualTo(TRACE);
      assertThat(request.parent()).isEqualTo(CALLER);
      assertThat(request.kind()).isEqualTo(2);
      assertThat(request.status()).isZero();
      String digest = answer.headers().firstValue("X-Model-Digest").orElseThrow();
      assertThat(request.attributes())
          .containsEntry("http.request.method", "POST")
          .containsEntry("http.route", "/predict")
          .containsEntry("http.response.status_code", 200L)
          .containsEntry("url.path", "/predict")
          .containsEntry("modelserver.model.name", "integer-labels")
          .containsEntry("modelserver.model.version", "v1")
          .containsEntry("modelserver.model.digest", digest);
      assertThat(request.resource())
          .containsEntry("service.name", "integer-labels")
          .containsEntry("service.instance.id", "pod-a");
      Span queue = only(collector, "queue");
      Span compute = only(collector, "compute");
      assertThat(compute.attributes())
          .containsEntry("modelserver.batch.size", 1L)
          .containsEntry("modelserver.model.digest", digest);
      assertThat(List.of(queue, compute))
          .allSatisfy(
              span -> {
                assertThat(span.trace()).isEqualTo(TRACE);
                assertThat(span.parent()).isEqualTo(request.id());
                assertThat(span.start()).isGreaterThanOrEqualTo(request.start());
                assertThat(span.end()).isBetween(span.start(), request.end());
              });
      assertThat(queue.end()).isEqualTo(compute.start());
      // probes have none
      assertThat(collector.spans()).hasSize(3);
    }
  }

  @Test
  void aGrpcCallBelongsToTheTraceOfItsMetadata() throws IOException, InterruptedException {
    try (OtlpReceiver collector = new OtlpReceiver();
        ServerProcess server = start(collector, "integer-labels", "{}", Map.of());
        GrpcClient client = new GrpcClient(server)) {
      var _ = traced(client).modelInfer(GrpcClient.request("integer-labels", 2, 1, 2).build());
      Status refused =
          GrpcClient.failure(
              () -> traced(client).modelInfer(GrpcClient.request("no", 2, 1, 2).build()));

      assertThat(refused.getCode()).isEqualTo(Status.Code.NOT_FOUND);
      await().atMost(Duration.ofSeconds(20)).until(() -> collector.spans().size() == 4);
      Span call =
          collector.spans().stream()
              .filter(span -> "OK".equals(span.attributes().get("rpc.response.status_code")))
              .findFirst()
              .orElseThrow();
      assertThat(call.name()).isEqualTo("inference.GRPCInferenceService/ModelInfer");
      assertThat(call.parent()).isEqualTo(CALLER);
      assertThat(call.kind()).isEqualTo(2);
      assertThat(call.attributes())
          .containsEntry("rpc.system.name", "grpc")
          .containsEntry("rpc.method", call.name())
          .containsEntry("modelserver.model.name", "integer-labels");
      assertThat(only(collector, "compute").parent()).isEqualTo(call.id());
      assertThat(collector.spans())
          .allSatisfy(span -> assertThat(span.trace()).isEqualTo(TRACE))
          .extracting(span -> span.attributes().get("rpc.response.status_code"))
          .contains("NOT_FOUND");
    }
  }

  @Test
  void aFailureIsOneInTheTraceAndItsLineOfTheLogNamesTheTrace()
      throws IOException, InterruptedException {
    try (OtlpReceiver collector = new OtlpReceiver();
        ServerProcess server =
            start(
                collector,
                "endless",
                "{\"requestTimeoutMillis\":200,\"runtime\":{\"instances\":8}}",
                Map.of("MODELSERVER_LOG_FORMAT", "json"))) {
      assertThat(predict(server, "{\"features\":[1]}", SAMPLED).statusCode()).isEqualTo(504);
      assertThat(predict(server, "{\"features\":", SAMPLED).statusCode()).isEqualTo(400);

      await().atMost(Duration.ofSeconds(20)).until(() -> collector.spans().size() == 2);
      assertThat(collector.spans())
          .anySatisfy(
              span -> {
                assertThat(span.status()).isEqualTo(2);
                assertThat(span.attributes())
                    .containsEntry("http.response.status_code", 504L)
                    .containsEntry("error.type", "deadline_exceeded");
              })
          .anySatisfy(
              span -> {
                // the caller's fault is none of the server's
                assertThat(span.status()).isZero();
                assertThat(span.attributes()).containsEntry("http.response.status_code", 400L);
              });
      await()
          .atMost(Duration.ofSeconds(10))
          .untilAsserted(
              () -> assertThat(server.log("serve")).contains("\"trace_id\":\"" + TRACE + "\""));
    }
  }

  @Test
  void whatTheCallerDoesNotSampleIsNotSentNorWhatASamplerDrops()
      throws IOException, InterruptedException {
    try (OtlpReceiver collector = new OtlpReceiver();
        ServerProcess server =
            start(
                collector,
                "integer-labels",
                "{\"drainDelayMillis\":0}",
                Map.of("OTEL_TRACES_SAMPLER", "parentbased_always_off"))) {
      assertThat(predict(server, ROW, "00-" + TRACE + "-" + CALLER + "-00").statusCode())
          .isEqualTo(200);
      assertThat(server.post("/predict", ROW).statusCode()).isEqualTo(200);
      assertThat(predict(server, ROW, SAMPLED).statusCode()).isEqualTo(200);

      server.process().destroy();
      assertThat(server.process().waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(collector.spans())
          .extracting(Span::name)
          .containsExactlyInAnyOrder("POST /predict", "queue", "compute");
    }
  }

  @Test
  void aCollectorThatIsNotThereHarmsNoRequestAndHoldsUpNoEnd()
      throws IOException, InterruptedException {
    OtlpReceiver gone = new OtlpReceiver();
    gone.close();
    try (ServerProcess server =
        start(gone, "integer-labels", "{\"drainDelayMillis\":0}", Map.of())) {
      for (int i = 0; i < 200; i++) {
        assertThat(predict(server, ROW, SAMPLED).statusCode()).isEqualTo(200);
      }

      server.process().destroy();
      assertThat(server.process().waitFor(20, TimeUnit.SECONDS)).isTrue();
      assertThat(server.process().exitValue()).isZero();
    }
  }

  @Test
  void variablesThatSayNothingSensibleCostTracesAndNotTheServer()
      throws IOException, InterruptedException {
    try (ServerProcess server =
        ServerProcess.start(
            folder, "integer-labels", "{}", Map.of("OTEL_TRACES_EXPORTER", "pigeon"))) {
      assertThat(server.post("/predict", ROW).statusCode()).isEqualTo(200);
      assertThat(server.log("serve")).contains("no traces: ").contains("pigeon");
    }
  }

  @Test
  void offItLoadsNothing() throws IOException, InterruptedException {
    Path classes = folder.resolve("classes");
    try (ServerProcess server =
        ServerProcess.start(
            folder,
            "integer-labels",
            "{}",
            Map.of("JAVA_TOOL_OPTIONS", "-Xlog:class+load:file=" + classes))) {
      assertThat(predict(server, ROW, SAMPLED).statusCode()).isEqualTo(200);

      assertThat(Files.readString(classes))
          .contains("dev.modelserver.server.tracing.Tracing ")
          .doesNotContain("io.opentelemetry");
    }
  }

  private ServerProcess start(
      OtlpReceiver collector, String model, String config, Map<String, String> more)
      throws IOException, InterruptedException {
    Map<String, String> variables = new HashMap<>(more);
    variables.put("OTEL_EXPORTER_OTLP_ENDPOINT", collector.endpoint());
    variables.putIfAbsent("OTEL_BSP_SCHEDULE_DELAY", "50");
    return ServerProcess.start(folder, model, config, variables);
  }

  private static HttpResponse<String> predict(ServerProcess server, String body, String parent)
      throws IOException, InterruptedException {
    return server.send(
        HttpRequest.newBuilder(server.uri("/predict"))
            .header("Content-Type", "application/json")
            .header("traceparent", parent)
            .POST(BodyPublishers.ofString(body)));
  }

  private static GRPCInferenceServiceBlockingStub traced(GrpcClient client) {
    Metadata metadata = new Metadata();
    metadata.put(Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER), SAMPLED);
    return client.stub().withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata));
  }

  private static Span only(OtlpReceiver collector, String name) {
    List<Span> named = collector.spans().stream().filter(span -> span.name().equals(name)).toList();
    assertThat(named).as(name).hasSize(1);
    return named.getFirst();
  }
}
