package dev.modelserver.server;

import static dev.modelserver.server.SecuredServer.MODEL;
import static dev.modelserver.server.SecuredServer.TOKEN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.server.grpc.wire.GRPCInferenceServiceGrpc;
import dev.modelserver.server.grpc.wire.ModelInferRequest;
import dev.modelserver.server.grpc.wire.ServerLiveRequest;
import dev.modelserver.server.grpc.wire.ServerMetadataRequest;
import dev.modelserver.server.grpc.wire.ServerReadyRequest;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tokens over gRPC, behind TLS. A call is counted before its client hears of its end. */
class GrpcTokensIT {

  @RegisterExtension
  private static final SecuredServer secured = SecuredServer.create("Strict", Map.of());

  private static final ServerProcess server = secured.server();
  private static final TlsClients clients = secured.clients();

  @Test
  void aKnownClientIsAnsweredAndNobodyElse() throws Exception {
    Channel anonymous = clients.grpc();
    Channel known = TlsClients.with(anonymous, "Bearer " + TOKEN);
    Channel wrong = TlsClients.with(anonymous, "Bearer " + TOKEN + "x");
    Channel twice = TlsClients.with(known, "Bearer " + TOKEN);
    ServerMetadataRequest request = ServerMetadataRequest.getDefaultInstance();
    int withoutToken = calls("anonymous", "UNAUTHENTICATED");
    int withWrongToken = calls("unknown", "UNAUTHENTICATED");
    int answered = calls("web", "OK");

    Status refused =
        GrpcClient.failure(
            () -> GRPCInferenceServiceGrpc.newBlockingStub(anonymous).serverMetadata(request));
    assertThat(refused.getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
    assertThat(refused.getDescription()).startsWith("the request has no token; send ");
    for (Channel nobody : List.of(wrong, twice)) {
      assertThat(
              GrpcClient.failure(
                      () ->
                          GRPCInferenceServiceGrpc.newBlockingStub(nobody)
                              .modelInfer(GrpcClient.request(MODEL, 2, 1, 2).build()))
                  .getDescription())
          .startsWith("the token is not valid here; ");
    }
    var stub = GRPCInferenceServiceGrpc.newBlockingStub(known);
    assertThat(stub.serverMetadata(request).getName()).isEqualTo("modelserver");
    assertThat(stub.modelInfer(GrpcClient.request(MODEL, 2, 1, 2).build()).getModelName())
        .isEqualTo(MODEL);

    assertThat(calls("anonymous", "UNAUTHENTICATED")).isEqualTo(withoutToken + 1);
    assertThat(calls("unknown", "UNAUTHENTICATED")).isEqualTo(withWrongToken + 2);
    assertThat(calls("web", "OK")).isEqualTo(answered + 2);
  }

  @Test
  void healthIsOpenAndNotCounted() throws Exception {
    Channel anonymous = clients.grpc();
    var open = GRPCInferenceServiceGrpc.newBlockingStub(anonymous);
    assertThat(open.serverLive(ServerLiveRequest.getDefaultInstance()).getLive()).isTrue();
    assertThat(open.serverReady(ServerReadyRequest.getDefaultInstance()).getReady()).isTrue();
    assertThat(
            HealthGrpc.newBlockingStub(anonymous)
                .check(HealthCheckRequest.getDefaultInstance())
                .getStatus()
                .name())
        .isEqualTo("SERVING");
    assertThat(calls("anonymous", "OK")).isZero();
  }

  @Test
  void reflectionIsNotOpen() throws Exception {
    CompletableFuture<Status> end = new CompletableFuture<>();
    var _ =
        ServerReflectionGrpc.newStub(clients.grpc())
            .serverReflectionInfo(
                new StreamObserver<>() {
                  @Override
                  public void onNext(ServerReflectionResponse response) {}

                  @Override
                  public void onError(Throwable thrown) {
                    end.complete(Status.fromThrowable(thrown));
                  }

                  @Override
                  public void onCompleted() {
                    end.complete(Status.OK);
                  }
                });
    assertThat(end.get(30, TimeUnit.SECONDS).getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
  }

  @Test
  void aLargeMessageOfAnUnknownCallerHoldsNothingUp() throws Exception {
    Channel channel = clients.grpc();
    Channel known = TlsClients.with(channel, "Bearer " + TOKEN);
    ModelInferRequest large = GrpcClient.request(MODEL, 2, new float[2_000_000]).build();
    for (int i = 0; i < 10; i++) {
      assertThat(
              GrpcClient.failure(
                      () -> GRPCInferenceServiceGrpc.newBlockingStub(channel).modelInfer(large))
                  .getCode())
          .isEqualTo(Status.Code.UNAUTHENTICATED);
    }
    assertThat(
            GRPCInferenceServiceGrpc.newBlockingStub(known)
                .modelInfer(GrpcClient.request(MODEL, 2, 1, 2).build())
                .getModelName())
        .isEqualTo(MODEL);
  }

  private static int calls(String client, String code) throws IOException, InterruptedException {
    String start = "ml_client_requests_total{client=\"%s\",code=\"%s\",} ".formatted(client, code);
    return server
        .management("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith(start))
        .mapToInt(line -> (int) Double.parseDouble(line.substring(start.length())))
        .sum();
  }
}
