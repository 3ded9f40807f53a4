package dev.modelserver.local.service;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * A TCP port on the loopback interface whose connections go to backends in turn. A connection for
 * which no backend is there, or none accepts, is closed.
 */
public final class TcpProxy implements AutoCloseable {
  private final ServerSocket listener;
  private final Supplier<List<Integer>> backends;
  private final AtomicInteger turn = new AtomicInteger();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  private TcpProxy(ServerSocket listener, Supplier<List<Integer>> backends) {
    this.listener = listener;
    this.backends = backends;
  }

  /**
   * Listens on a free port.
   *
   * @param backends local ports that take connections now; asked for each connection
   * @throws IOException when there is no free port
   */
  public static TcpProxy start(Supplier<List<Integer>> backends) throws IOException {
    var proxy = new TcpProxy(new ServerSocket(0, 128, InetAddress.getLoopbackAddress()), backends);
    Thread.ofVirtual().name("service").start(proxy::accept);
    return proxy;
  }

  /** The port that stands for the Service. */
  public int port() {
    return listener.getLocalPort();
  }

  @Override
  public void close() {
    close(listener);
    open.forEach(TcpProxy::close);
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        var client = listener.accept();
        open.add(client);
        Thread.ofVirtual().start(() -> forward(client));
      } catch (IOException e) {
        // Closed, or a connection that ended before it was accepted: the loop's condition decides.
      }
    }
  }

  private void forward(Socket client) {
    try (client;
        var backend = connect()) {
      open.add(backend);
      var answers = Thread.ofVirtual().start(() -> copy(backend, client));
      copy(client, backend);
      answers.join();
      open.remove(backend);
    } catch (IOException e) {
      // The connection is closed: its client sees that.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      open.remove(client);
    }
  }

  /** The next backend that accepts: one that has just gone must not cost a connection. */
  private Socket connect() throws IOException {
    var ports = backends.get();
    for (var attempt = 0; attempt < ports.size(); attempt++) {
      var port = ports.get(Math.floorMod(turn.getAndIncrement(), ports.size()));
      try {
        return new Socket(InetAddress.getLoopbackAddress(), port);
      } catch (IOException e) {
        // Try the next one.
      }
    }
    throw new IOException("no pod is ready");
  }

  /** Copies until the end of the input, then ends the output; the other direction goes on. */
  private static void copy(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
      to.shutdownOutput();
    } catch (IOException e) {
      close(from);
      close(to);
    }
  }

  private static void close(AutoCloseable socket) {
    try {
      socket.close();
    } catch (Exception e) {
      // Nothing is lost: the connection was on its way out.
    }
  }
}
