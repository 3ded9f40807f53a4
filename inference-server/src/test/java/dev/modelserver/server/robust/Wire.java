package dev.modelserver.server.robust;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One TCP connection to the server, with a strict reader of HTTP/1.1 answers. */
final class Wire implements AutoCloseable {

  private static final int MAX_LINE = 64 << 10;

  private final Socket socket;
  private final InputStream in;

  Wire(int port, int timeoutMillis) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(timeoutMillis);
    in = new BufferedInputStream(socket.getInputStream());
  }

  /** A final answer; header names are lower-case. */
  record Reply(int status, Map<String, String> headers, String text) {

    boolean closes() {
      return "close".equals(headers.get("connection"));
    }
  }

  void send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  /** Says that no more will come. */
  void finish() throws IOException {
    socket.shutdownOutput();
  }

  /** Makes {@link #close} a reset, as a crashed client would send it. */
  void resetOnClose() throws IOException {
    socket.setSoLinger(true, 0);
  }

  InputStream in() {
    return in;
  }

  /**
   * The next final answer; null where the server has closed the connection before its first byte.
   * Throws when the server closes it within an answer, is silent, or writes what is not HTTP.
   */
  @Nullable Reply read(boolean bodiless) throws IOException {
    while (true) {
      String line = line();
      if (line == null) {
        return null;
      }
      if (!line.matches("HTTP/1[.][01] [1-5][0-9][0-9]( .*)?")) {
        throw new IOException("not a status line: " + line);
      }
      int status = Integer.parseInt(line.substring(9, 12));
      Map<String, String> headers = headers();
      if (status >= 200) {
        byte[] body = bodiless ? new byte[0] : body(headers);
        return new Reply(status, headers, new String(body, StandardCharsets.UTF_8));
      }
    }
  }

  private byte[] body(Map<String, String> headers) throws IOException {
    if ("chunked".equals(headers.get("transfer-encoding"))) {
      return chunks();
    }
    String length = headers.get("content-length");
    if (length == null) {
      return headers.containsKey("upgrade") ? new byte[0] : in.readAllBytes();
    }
    byte[] body = in.readNBytes(Integer.parseInt(length));
    if (body.length != Integer.parseInt(length)) {
      throw new EOFException("closed within the body of an answer");
    }
    return body;
  }

  private byte[] chunks() throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    while (true) {
      String line = line();
      if (line == null) {
        throw new EOFException("closed between the chunks of an answer");
      }
      int size = Integer.parseInt(line, 16);
      body.writeBytes(in.readNBytes(size));
      if (!"".equals(line())) {
        throw new IOException("a chunk without its end");
      }
      if (size == 0) {
        return body.toByteArray();
      }
    }
  }

  private Map<String, String> headers() throws IOException {
    Map<String, String> headers = new TreeMap<>();
    for (String line = line(); ; line = line()) {
      if (line == null) {
        throw new EOFException("closed within the head of an answer");
      }
      if (line.isEmpty()) {
        return headers;
      }
      int colon = line.indexOf(':');
      if (colon < 1) {
        throw new IOException("not a header: " + line);
      }
      String name = line.substring(0, colon).toLowerCase(Locale.ROOT);
      String value = line.substring(colon + 1).strip();
      String known = headers.put(name, value);
      if (known != null && !name.equals("www-authenticate")) {
        throw new IOException("the header " + name + " twice");
      } else if (known != null) {
        headers.put(name, known + ", " + value);
      }
    }
  }

  /** A line without its CRLF; null at the end of the stream. */
  private @Nullable String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int b = in.read(); b >= 0; b = in.read()) {
      if (b == '\n' && !line.isEmpty() && line.charAt(line.length() - 1) == '\r') {
        line.setLength(line.length() - 1);
        return line.toString();
      }
      line.append((char) b);
      if (line.length() > MAX_LINE) {
        throw new IOException("a line without end");
      }
    }
    if (line.isEmpty()) {
      return null;
    }
    throw new EOFException("closed within a line of an answer: " + line);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
