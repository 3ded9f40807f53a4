package dev.modelserver.server.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.server.model.Digest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers of plain http that cannot cope with a client that offers them HTTP/2. */
class DownloadUpgradeTest {

  private static final String MODEL = "the bytes of a model";
  private static final Limits LIMITS =
      new Limits(Duration.ofSeconds(30), Duration.ofSeconds(30), Duration.ofSeconds(60));

  @TempDir Path folder;
  private final Queue<String> heads = new ConcurrentLinkedQueue<>();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 501 Not Implemented\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n",
        ""
      })
  void fetchesFromServersThatAnswerAnUpgradeWith(String answer) throws Exception {
    try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      var _ = Thread.ofVirtual().start(() -> serve(server, answer));

      Digest digest =
          new Download(
                  URI.create("http://127.0.0.1:" + server.getLocalPort() + "/first"),
                  access(new Network(address -> true, LIMITS), AllowedHosts.ANY))
              .copyModel(new ModelStore(folder, 1000));

      assertThat(digest).isEqualTo(Digest.of(MODEL.getBytes(StandardCharsets.UTF_8)));
      // one request for the redirect, one for the file
      assertThat(heads).hasSize(2).noneMatch(head -> head.contains("upgrade:"));
    }
  }

  private void serve(ServerSocket server, String answer) {
    try {
      while (true) {
        Socket socket = server.accept();
        var _ = Thread.ofVirtual().start(() -> answer(socket, answer));
      }
    } catch (SocketException e) {
      // the test is over
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void answer(Socket socket, String toUpgrade) {
    try (socket) {
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
      StringBuilder head = new StringBuilder();
      for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
        head.append(line.toLowerCase(Locale.ROOT)).append('\n');
      }
      heads.add(head.toString());
      String answer;
      if (head.indexOf("upgrade:") >= 0) {
        answer = toUpgrade;
      } else if (head.indexOf("get /first") == 0) {
        answer = "HTTP/1.1 302 Found\r\nLocation: /second\r\nContent-Length: 0\r\n\r\n";
      } else {
        answer = "HTTP/1.1 200 OK\r\nContent-Length: " + MODEL.length() + "\r\n\r\n" + MODEL;
      }
      socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
      // until the client leaves
      var _ = in.read();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static StoreAccess access(Network network, AllowedHosts hosts) {
    return StoreAccess.open(network, hosts);
  }
}
