package dev.modelserver.local.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TcpProxyTest {
  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (var closeable : open) {
      closeable.close();
    }
  }

  @Test
  void connectionsGoToTheBackendsInTurn() throws IOException {
    var first = backend("first");
    var second = backend("second");
    var proxy = proxy(List.of(first, second));

    assertThat(List.of(ask(proxy), ask(proxy), ask(proxy), ask(proxy)))
        .containsExactly("first: hello", "second: hello", "first: hello", "second: hello");
  }

  @Test
  void aBackendThatIsGoneCostsNoConnection() throws IOException {
    int gone;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      gone = socket.getLocalPort();
    }
    var proxy = proxy(List.of(gone, backend("alive")));

    assertThat(List.of(ask(proxy), ask(proxy))).containsExactly("alive: hello", "alive: hello");
  }

  @Test
  void withoutABackendTheConnectionIsClosed() throws IOException {
    assertThat(ask(proxy(List.of()))).isEmpty();
  }

  @Test
  void backendsAreAskedForEachConnection() throws IOException {
    var backends = new ArrayList<Integer>();
    var proxy = proxy(backends);
    assertThat(ask(proxy)).isEmpty();

    backends.add(backend("late"));

    assertThat(ask(proxy)).isEqualTo("late: hello");
  }

  private int proxy(List<Integer> backends) throws IOException {
    var proxy = TcpProxy.start(() -> backends);
    open.add(proxy);
    return proxy.port();
  }

  /**
   * Answers each connection with its name and what it heard, once the caller has ended its side.
   */
  private int backend(String name) throws IOException {
    var listener = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
    open.add(listener);
    Thread.ofVirtual()
        .start(
            () -> {
              while (!listener.isClosed()) {
                try (var connection = listener.accept()) {
                  var heard = connection.getInputStream().readAllBytes();
                  var answer = name + ": " + new String(heard, StandardCharsets.UTF_8);
                  connection.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
                } catch (IOException e) {
                  // Closed at the end of the test.
                }
              }
            });
    return listener.getLocalPort();
  }

  private static String ask(int port) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(5000);
      socket.getOutputStream().write("hello".getBytes(StandardCharsets.UTF_8));
      socket.shutdownOutput();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (SocketException e) {
      return "";
    }
  }
}
