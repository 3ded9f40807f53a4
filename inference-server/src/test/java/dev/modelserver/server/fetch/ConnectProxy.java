package dev.modelserver.server.fetch;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A forward proxy that tunnels, or answers CONNECT with a status. */
final class ConnectProxy implements AutoCloseable {

  private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final String status;
  private final Optional<String> authorization;

  /** The heads of its requests. */
  final Queue<String> heads = new ConcurrentLinkedQueue<>();

  /**
   * Starts one.
   *
   * @param status of the answer to CONNECT; with 200 it tunnels
   * @param authorization the header that it requires, else it answers 407
   */
  ConnectProxy(String status, Optional<String> authorization) throws IOException {
    this.status = status;
    this.authorization = authorization;
    var _ = Thread.ofVirtual().start(this::serve);
  }

  HttpProxy proxy(Optional<String> user, Optional<String> password, String... noProxy) {
    return new HttpProxy("localhost", server.getLocalPort(), user, password, List.of(noProxy));
  }

  private void serve() {
    try {
      while (true) {
        Socket socket = server.accept();
        var _ = Thread.ofVirtual().start(() -> answer(socket));
      }
    } catch (IOException e) {
      // the test is over
    }
  }

  private void answer(Socket client) {
    try (client) {
      String head = head(client.getInputStream());
      heads.add(head);
      OutputStream out = client.getOutputStream();
      if (authorization.isPresent()
          && !head.contains("proxy-authorization: " + authorization.get())) {
        out.write(
            ascii(
                "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"p\"\r\nContent-Length: 0\r\n\r\n"));
        return;
      }
      out.write(ascii("HTTP/1.1 %s\r\n\r\n".formatted(status)));
      if (!status.startsWith("200")) {
        return;
      }
      URI target = URI.create("https://" + head.split(" ", -1)[1]);
      try (Socket store = new Socket(InetAddress.getLoopbackAddress(), target.getPort())) {
        Thread back = Thread.ofVirtual().start(() -> pump(store, client));
        pump(client, store);
        back.join();
      }
    } catch (IOException e) {
      // one side left
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void pump(Socket from, Socket to) {
    try {
      var _ = from.getInputStream().transferTo(to.getOutputStream());
      to.shutdownOutput();
    } catch (IOException e) {
      // one side left
    }
  }

  private static String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("no head");
      }
      head.append((char) next);
    }
    return head.toString().replaceAll("(?m)^[Pp]roxy-[Aa]uthorization", "proxy-authorization");
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
