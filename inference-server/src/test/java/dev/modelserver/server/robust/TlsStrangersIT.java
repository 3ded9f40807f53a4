package dev.modelserver.server.robust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.modelserver.server.SecuredServer;
import dev.modelserver.server.ServerProcess;
import dev.modelserver.server.TlsClients;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpClient.Version;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What strangers do to the ports of a server that speaks TLS only: each connection has an end, and
 * nothing of it stays, in memory or in the log.
 */
class TlsStrangersIT {

  /** Longer than any limit of a handshake. */
  private static final int SILENCE_MILLIS = 60_000;

  private static final int CROWD = 50;
  private static final byte ALERT = 21;
  private static final byte PROTOCOL_VERSION = 70;
  private static final byte HANDSHAKE_FAILURE = 40;

  @RegisterExtension
  private static final SecuredServer secured =
      SecuredServer.create(
          "Strict", Map.of("JAVA_TOOL_OPTIONS", "-Xmx64m -Dio.netty.leakDetection.level=paranoid"));

  private static final ServerProcess server = secured.server();
  private static final TlsClients clients = secured.clients();

  /** Netty tells of memory that was not given back when it is collected. */
  @AfterEach
  void nothingStays() throws Exception {
    String collect = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    String process = Long.toString(server.process().pid());
    assertThat(
            new ProcessBuilder(collect, process, "GC.run")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor())
        .isZero();
    assertThat(clients.send(clients.request("/health"), Version.HTTP_1_1).statusCode())
        .isEqualTo(200);
    assertThat(server.log("serve"))
        .doesNotContain(" ERROR ", " WARN ", "Exception", "\tat ", "LEAK");
  }

  @Test
  void aHandshakeThatDoesNotGoOnIsEnded() throws Exception {
    byte[] hello = hello(0x0303, 0xc02b);
    double before = failedHandshakes();
    double threads = metric("jvm_threads_live_threads");
    List<Socket> crowd = new ArrayList<>();
    try {
      for (int port : ports()) {
        for (int i = 0; i < CROWD; i++) {
          for (int bytes : List.of(0, 1, 5, hello.length - 1)) {
            Socket socket = connect(port);
            socket.getOutputStream().write(hello, 0, bytes);
            crowd.add(socket);
          }
        }
      }
      for (Socket socket : crowd) {
        assertThat(rest(socket)).isEmpty();
      }
    } finally {
      for (Socket socket : crowd) {
        socket.close();
      }
    }
    // one that said nothing has begun none
    awaitFailedHandshakes(before + 2 * 3 * CROWD);
    assertThat(metric("jvm_threads_live_threads")).isLessThan(threads + CROWD);
  }

  @Test
  void whoSaysThatNoMoreComesIsNotWaitedFor() throws Exception {
    byte[] hello = hello(0x0303, 0xc02b);
    double before = failedHandshakes();
    for (int port : ports()) {
      for (int bytes : List.of(0, 1, 5, hello.length - 1, hello.length)) {
        try (Socket socket = connect(port)) {
          socket.getOutputStream().write(hello, 0, bytes);
          socket.shutdownOutput();
          // where the hello is whole the server's half of the handshake comes first
          assertThat(rest(socket).length > 0).isEqualTo(bytes == hello.length);
        }
      }
    }
    awaitFailedHandshakes(before + 2 * 4);
  }

  @Test
  void whatIsNoTlsIsToldOrCutOff() throws Exception {
    for (int port : ports()) {
      for (byte[] garbage : garbage()) {
        try (Socket socket = connect(port)) {
          socket.getOutputStream().write(garbage);
          byte[] answer = rest(socket);
          if (garbage[0] == 22) {
            assertThat(answer.length == 0 || answer[0] == ALERT).isTrue();
          } else {
            assertThat(new String(answer, StandardCharsets.US_ASCII))
                .startsWith("HTTP/1.1 400 ")
                .endsWith(
                    "{\"error\":\"this port speaks TLS only; use https://, or a gRPC channel with TLS\"}");
          }
        }
      }
    }
  }

  private static List<byte[]> garbage() {
    List<byte[]> garbage = new ArrayList<>();
    garbage.add(Http1.bodiless("GET / HTTP/1.1"));
    garbage.add(Http2.PREFACE);
    garbage.add(Http1.latin("SSH-2.0-x\r\n"));
    garbage.add(new byte[] {0});
    garbage.add(new byte[100_000]);
    // SSL 2, an alert, a record of data
    garbage.add(new byte[] {(byte) 0x80, 0x2e, 1, 0, 2, 0, 0x15, 0, 0, 0, 0x10});
    garbage.add(new byte[] {ALERT, 3, 3, 0, 2, 2, 40});
    garbage.add(new byte[] {23, 3, 3, 0, 1, 0});
    garbage.add(new byte[] {22, 3, 1, 0, 0});
    garbage.add(new byte[] {22, 3, 1, 0, 4, 9, 0, 0, 0});
    garbage.add(new byte[] {22, 9, 9, 0, 1, 1});
    byte[] long16 = new byte[70_000];
    long16[0] = 22;
    long16[1] = 3;
    long16[2] = 1;
    long16[3] = -1;
    long16[4] = -1;
    garbage.add(long16);
    return garbage;
  }

  @Test
  void oldVersionsAndUnknownCiphersAreRefusedWithAnAlert() throws Exception {
    for (int port : ports()) {
      for (int version : List.of(0x0300, 0x0301, 0x0302)) {
        assertThat(alert(port, hello(version, 0xc02b, 0xc009, 0x002f))).isEqualTo(PROTOCOL_VERSION);
      }
      // NULL, RC4 and anonymous Diffie-Hellman
      assertThat(alert(port, hello(0x0303, 0x0001, 0x0005, 0x0034))).isEqualTo(HANDSHAKE_FAILURE);
    }
  }

  private static byte alert(int port, byte[] hello) throws IOException {
    try (Socket socket = connect(port)) {
      socket.getOutputStream().write(hello);
      byte[] answer = rest(socket);
      assertThat(answer).hasSize(7);
      assertThat(answer[0]).isEqualTo(ALERT);
      return answer[6];
    }
  }

  @Test
  void aClientCannotNegotiateAgain() throws Exception {
    for (int port : ports()) {
      try (SSLSocket socket =
          (SSLSocket) clients.context().getSocketFactory().createSocket("localhost", port)) {
        socket.setSoTimeout(SILENCE_MILLIS);
        socket.setEnabledProtocols(new String[] {"TLSv1.2"});
        socket.startHandshake();
        assertThatThrownBy(
                () -> {
                  socket.startHandshake();
                  socket.getOutputStream().write(Http1.bodiless("GET /health HTTP/1.1"));
                  socket.getInputStream().readAllBytes();
                })
            .isInstanceOf(IOException.class);
      }
    }
  }

  @Test
  void garbageBehindTheHandshakeEndsTheConnection() throws Exception {
    for (int port : ports()) {
      for (String protocol : List.of("TLSv1.2", "TLSv1.3")) {
        for (byte[] garbage : List.of(Http1.latin("nonsense"), new byte[] {23, 3, 3, 0, 40})) {
          try (Socket wire = connect(port);
              SSLSocket socket =
                  (SSLSocket)
                      clients
                          .context()
                          .getSocketFactory()
                          .createSocket(wire, "localhost", port, false)) {
            socket.setEnabledProtocols(new String[] {protocol});
            socket.startHandshake();
            wire.getOutputStream().write(garbage);
            wire.getOutputStream().write(new byte[40]);
            assertThat(rest(wire).length).isLessThan(5_000);
          }
        }
      }
    }
  }

  private static List<Integer> ports() {
    return List.of(server.port(), server.grpcPort());
  }

  private static Socket connect(int port) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(SILENCE_MILLIS);
    return socket;
  }

  /** Whatever comes until the server ends the connection, in one way or the other. */
  private static byte[] rest(Socket socket) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      byte[] block = new byte[4096];
      for (int n = socket.getInputStream().read(block); n >= 0; ) {
        bytes.write(block, 0, n);
        n = socket.getInputStream().read(block);
      }
    } catch (SocketException e) {
      // a reset is an end as well
    }
    return bytes.toByteArray();
  }

  private static double failedHandshakes() throws IOException, InterruptedException {
    return metric("ml_errors_total{type=\"tls_handshake\"");
  }

  private static void awaitFailedHandshakes(double count) {
    await().untilAsserted(() -> assertThat(failedHandshakes()).isEqualTo(count));
  }

  private static double metric(String start) throws IOException, InterruptedException {
    return server
        .management("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith(start))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  /** A ClientHello of these days or before, in one record (RFC 5246, section 7.4.1.2). */
  private static byte[] hello(int version, int... ciphers) {
    byte[] extensions =
        version < 0x0303
            ? new byte[0]
            // one curve (P-256), its points uncompressed, ECDSA and RSA with SHA-256
            : new byte[] {
              0, 10, 0, 4, 0, 2, 0, 23, 0, 11, 0, 2, 1, 0, 0, 13, 0, 6, 0, 4, 4, 3, 4, 1
            };
    int length = 2 + 32 + 1 + 2 + 2 * ciphers.length + 2 + 2 + extensions.length;
    ByteBuffer hello = ByteBuffer.allocate(5 + 4 + length);
    hello.put((byte) 22).putShort((short) 0x0301).putShort((short) (4 + length));
    hello.putInt(1 << 24 | length).putShort((short) version).put(new byte[32]).put((byte) 0);
    hello.putShort((short) (2 * ciphers.length));
    for (int cipher : ciphers) {
      hello.putShort((short) cipher);
    }
    hello.put((byte) 1).put((byte) 0);
    return hello.putShort((short) extensions.length).put(extensions).array();
  }
}
