package dev.modelserver.e2e.load;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * One HTTP/1.1 connection, for one call at a time. It is written here because ready-made clients
 * retry some failed calls silently, which is what a test of failed calls must not do.
 */
final class HttpConnection implements AutoCloseable {
  private static final int LARGEST_BODY_BYTES = 1 << 20;

  private final SocketChannel channel;
  private final byte[] buffer = new byte[8192];
  private int position;
  private int limit;
  private long deadlineNanos;

  private HttpConnection(SocketChannel channel) {
    this.channel = channel;
  }

  /** Connects, in at most {@code timeout}. */
  static HttpConnection open(InetSocketAddress address, Duration timeout) throws IOException {
    SocketChannel channel = SocketChannel.open();
    try {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.socket().connect(address, Math.toIntExact(timeout.toMillis()));
      return new HttpConnection(channel);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /**
   * Whether another call may be sent: false once the server has closed the connection, which every
   * good client notices before it reuses one.
   */
  boolean isReusable() {
    if (position < limit) {
      return false;
    }
    try {
      channel.configureBlocking(false);
      int read = channel.read(ByteBuffer.allocate(1));
      channel.configureBlocking(true);
      return read == 0;
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Sends a request and reads the whole answer.
   *
   * @throws SocketTimeoutException when the answer is not complete at {@code deadlineNanos} ({@link
   *     System#nanoTime()})
   * @throws IOException on a reset, an early end or an answer that is not HTTP
   */
  HttpAnswer call(byte[] request, long deadlineNanos) throws IOException {
    this.deadlineNanos = deadlineNanos;
    ByteBuffer bytes = ByteBuffer.wrap(request);
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
    int status = status(line());
    Map<String, String> headers = new HashMap<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      if (colon < 1) {
        throw new ProtocolException("not a header: " + line);
      }
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    return new HttpAnswer(status, headers, new String(body(headers), StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int status(String line) throws ProtocolException {
    if (!line.matches("HTTP/1\\.1 [0-9]{3}( .*)?")) {
      throw new ProtocolException("not an HTTP/1.1 status line: " + line);
    }
    return Integer.parseInt(line.substring(9, 12));
  }

  private byte[] body(Map<String, String> headers) throws IOException {
    if ("chunked".equalsIgnoreCase(headers.get("transfer-encoding"))) {
      ByteArrayOutputStream body = new ByteArrayOutputStream();
      for (int size = chunkSize(); size > 0; size = chunkSize()) {
        body.writeBytes(bytes(size));
        line();
      }
      line();
      return body.toByteArray();
    }
    String length = headers.get("content-length");
    if (length == null) {
      throw new ProtocolException("the answer has neither Content-Length nor chunks");
    }
    return bytes(Integer.parseInt(length));
  }

  private int chunkSize() throws IOException {
    return Integer.parseInt(line().replaceFirst(";.*", ""), 16);
  }

  private byte[] bytes(int count) throws IOException {
    if (count > LARGEST_BODY_BYTES) {
      throw new ProtocolException("a body of " + count + " bytes");
    }
    byte[] bytes = new byte[count];
    for (int i = 0; i < count; i++) {
      bytes[i] = next();
    }
    return bytes;
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (byte b = next(); b != '\n'; b = next()) {
      if (line.size() > LARGEST_BODY_BYTES) {
        throw new ProtocolException("a line without end");
      }
      line.write(b);
    }
    return line.toString(StandardCharsets.UTF_8).stripTrailing();
  }

  private byte next() throws IOException {
    if (position == limit) {
      long millis = (deadlineNanos - System.nanoTime()) / 1_000_000;
      if (millis <= 0) {
        throw new SocketTimeoutException("no complete answer in time");
      }
      channel.socket().setSoTimeout(Math.toIntExact(millis));
      position = 0;
      limit = Math.max(0, channel.socket().getInputStream().read(buffer));
      if (limit == 0) {
        throw new EOFException("the connection was closed before the answer was complete");
      }
    }
    return buffer[position++];
  }
}
