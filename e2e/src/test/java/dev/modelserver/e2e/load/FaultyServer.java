package dev.modelserver.e2e.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

/** An HTTP/1.1 server on loopback that misbehaves as told, call by call. */
final class FaultyServer implements AutoCloseable {
  enum Fault {
    NONE,
    CHUNKED,
    RESET,
    CLOSE_EARLY,
    CLOSE_AFTER,
    NO_ANSWER,
    STATUS_503,
    WRONG_DIGEST
  }

  private final ServerSocket listener;
  private final IntFunction<Fault> faults;
  private final AtomicInteger calls = new AtomicInteger();
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicInteger mostWaiting = new AtomicInteger();
  private final CountDownLatch closed = new CountDownLatch(1);

  private FaultyServer(ServerSocket listener, IntFunction<Fault> faults) {
    this.listener = listener;
    this.faults = faults;
  }

  /** Starts a server; {@code faults} is asked with the number of the call, from 1. */
  static FaultyServer start(IntFunction<Fault> faults) throws IOException {
    FaultyServer server =
        new FaultyServer(new ServerSocket(0, 200, InetAddress.getLoopbackAddress()), faults);
    Thread.ofVirtual().start(server::accept);
    return server;
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + listener.getLocalPort() + "/predict");
  }

  int calls() {
    return calls.get();
  }

  int connections() {
    return connections.get();
  }

  int mostWaiting() {
    return mostWaiting.get();
  }

  @Override
  public void close() throws IOException {
    closed.countDown();
    listener.close();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        connections.incrementAndGet();
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException e) {
        if (!listener.isClosed()) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  private void serve(Socket accepted) {
    try (Socket socket = accepted) {
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      while (readRequest(in) && answer(socket, faults.apply(calls.incrementAndGet()))) {}
    } catch (IOException e) {
      // The client gave up: what it counted is what the test looks at.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Reads the head and the two bytes of the body; false at the end of the connection. */
  private static boolean readRequest(BufferedReader in) throws IOException {
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      if (line.isEmpty()) {
        return in.skip(2) == 2;
      }
    }
    return false;
  }

  /** Answers, or does not; false when the connection ends. */
  private boolean answer(Socket socket, Fault fault) throws IOException, InterruptedException {
    switch (fault) {
      case NONE ->
          write(socket, "200 OK", "Content-Length: 2\r\nX-Model-Digest: sha256:good", "{}");
      case CHUNKED ->
          write(
              socket,
              "200 OK",
              "Transfer-Encoding: chunked\r\nX-Model-Digest: sha256:good",
              "1\r\n{\r\n1;a=b\r\n}\r\n0\r\n\r\n");
      case STATUS_503 -> write(socket, "503 Service Unavailable", "Content-Length: 4", "busy");
      case WRONG_DIGEST ->
          write(socket, "200 OK", "Content-Length: 2\r\nX-Model-Digest: sha256:wrong", "{}");
      case RESET -> {
        socket.setSoLinger(true, 0);
        return false;
      }
      case CLOSE_EARLY -> {
        write(socket, "200 OK", "Content-Length: 100", "{}");
        return false;
      }
      case CLOSE_AFTER -> {
        write(socket, "200 OK", "Content-Length: 2", "{}");
        return false;
      }
      case NO_ANSWER -> {
        mostWaiting.accumulateAndGet(waiting.incrementAndGet(), Math::max);
        closed.await();
        return false;
      }
    }
    return true;
  }

  private static void write(Socket socket, String status, String headers, String body)
      throws IOException {
    String answer = "HTTP/1.1 " + status + "\r\n" + headers + "\r\n\r\n" + body;
    socket.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
  }
}
