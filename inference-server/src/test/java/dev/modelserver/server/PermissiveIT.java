package dev.modelserver.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.modelserver.server.grpc.wire.GRPCInferenceServiceGrpc;
import dev.modelserver.server.grpc.wire.ServerLiveRequest;
import dev.modelserver.server.grpc.wire.ServerMetadataRequest;
import io.grpc.Channel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A server on the way to TLS and tokens: it answers with and without, and counts who needs what.
 */
class PermissiveIT {

  @RegisterExtension
  private static final SecuredServer secured = SecuredServer.create("Permissive", Map.of());

  private static final ServerProcess server = secured.server();
  private static final TlsClients clients = secured.clients();

  @Test
  void everybodyIsAnsweredAndCounted() throws Exception {
    try (GrpcClient plain = new GrpcClient(server)) {
      assertThat(server.get("/info").statusCode()).isEqualTo(200);
      assertThat(server.post("/predict", "{\"features\":[1,2]}").statusCode()).isEqualTo(200);
      for (Version version : Version.values()) {
        for (String token : List.of(SecuredServer.TOKEN, "somebody-elses-token")) {
          HttpRequest.Builder request =
              clients.request("/info").header("Authorization", "Bearer " + token);
          assertThat(clients.send(request, version).statusCode()).as(token).isEqualTo(200);
        }
      }
      ServerMetadataRequest request = ServerMetadataRequest.getDefaultInstance();
      for (Channel channel : List.of(plain.channel(), clients.grpc())) {
        var stub = GRPCInferenceServiceGrpc.newBlockingStub(channel);
        assertThat(stub.serverLive(ServerLiveRequest.getDefaultInstance()).getLive()).isTrue();
        assertThat(stub.serverMetadata(request).getName()).isEqualTo("modelserver");
      }
      assertThat(typeOfFirstFrame(server.port())).as("SETTINGS").isEqualTo(4);
    }

    // each client of the two plain ports has one connection
    await()
        .untilAsserted(
            () ->
                assertThat(server.management("/metrics").body())
                    .contains("ml_plain_connections_total{port=\"http\",} 2.0")
                    .contains("ml_plain_connections_total{port=\"grpc\",} 1.0")
                    .contains("ml_client_requests_total{client=\"anonymous\",code=\"200\",} 2.0")
                    .contains("ml_client_requests_total{client=\"anonymous\",code=\"OK\",} 2.0")
                    .contains("ml_client_requests_total{client=\"unknown\",code=\"200\",} 2.0")
                    .contains("ml_client_requests_total{client=\"web\",code=\"200\",} 2.0")
                    .doesNotContain("code=\"401\"", "code=\"UNAUTHENTICATED\""));
  }

  /** With prior knowledge of HTTP/2: its preface and empty settings. */
  private static int typeOfFirstFrame(int port) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(30_000);
      socket
          .getOutputStream()
          .write(
              "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0"
                  .getBytes(StandardCharsets.US_ASCII));
      return socket.getInputStream().readNBytes(4)[3];
    }
  }
}
