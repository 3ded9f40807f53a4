package dev.modelserver.server.robust;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The server under test as one client thread sees it; connections that still work are used on. */
final class Target implements AutoCloseable {

  /** A request that every healthy server of the test model answers with {@link #GOOD_ANSWER}. */
  static final byte[] GOOD = Http1.json("/predict", "{\"features\":[3,1]}");

  static final String GOOD_ANSWER = "\"class\":\"right\"";

  static final int SILENCE_MILLIS = 40_000;

  private final int port;
  private final int grpcPort;
  private @Nullable Wire idle;

  Target(int port, int grpcPort) {
    this.port = port;
    this.grpcPort = grpcPort;
  }

  /** A connection to be used once. */
  Wire fresh() throws IOException {
    return new Wire(port, SILENCE_MILLIS);
  }

  /** A connection that was used before where there is one. */
  Wire any() throws IOException {
    Wire wire = idle;
    idle = null;
    return wire == null ? fresh() : wire;
  }

  /** A new connection that speaks HTTP/2, to the data port or that of gRPC. */
  Http2Wire http2(boolean grpc, int timeoutMillis) throws IOException {
    return new Http2Wire(grpc ? grpcPort : port, timeoutMillis);
  }

  /** Takes back a connection that has just answered a good request. */
  void keep(Wire wire) {
    idle = wire;
  }

  @Override
  public void close() throws IOException {
    Wire wire = idle;
    if (wire != null) {
      wire.close();
    }
  }
}
