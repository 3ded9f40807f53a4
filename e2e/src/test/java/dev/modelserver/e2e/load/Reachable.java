package dev.modelserver.e2e.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import org.awaitility.Awaitility;

/**
 * Waits until a new Service leads somewhere. A node's proxy learns of the first pod a moment after
 * the pod is ready, and no status can tell when each node has; what is counted starts from there.
 */
public final class Reachable {
  private static final int IN_A_ROW = 5;
  private static final int CONNECT_MILLIS = 500;

  private Reachable() {}

  /** Returns when several new connections in a row were accepted. */
  public static void await(URI uri) {
    Awaitility.await("connections to " + uri)
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(100))
        .until(() -> connectsInARow(uri));
  }

  private static boolean connectsInARow(URI uri) {
    for (int i = 0; i < IN_A_ROW; i++) {
      try (Socket socket = new Socket()) {
        socket.connect(
            new InetSocketAddress(uri.getHost(), uri.getPort() < 0 ? 80 : uri.getPort()),
            CONNECT_MILLIS);
      } catch (IOException e) {
        return false;
      }
    }
    return true;
  }
}
