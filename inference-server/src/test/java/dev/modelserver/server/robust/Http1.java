package dev.modelserver.server.robust;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes HTTP/1.1 requests byte by byte, right or wrong. */
final class Http1 {

  private Http1() {}

  /** A request with a correct {@code Content-Length}; the headers are whole lines. */
  static byte[] request(String line, byte[] body, String... headers) {
    StringBuilder head = head(line, headers);
    head.append("Content-Length: ").append(body.length).append("\r\n\r\n");
    return join(latin(head.toString()), body);
  }

  static byte[] post(String path, byte[] body, String... headers) {
    return request("POST " + path + " HTTP/1.1", body, headers);
  }

  static byte[] json(String path, byte[] body) {
    return post(path, body, "Content-Type: application/json");
  }

  static byte[] json(String path, String body) {
    return json(path, body.getBytes(StandardCharsets.UTF_8));
  }

  /** A request without a body. */
  static byte[] bodiless(String line, String... headers) {
    return latin(head(line, headers).append("\r\n").toString());
  }

  /** A head as far as its own headers, without the empty line. */
  static StringBuilder head(String line, String... headers) {
    StringBuilder head = new StringBuilder(line).append("\r\nHost: server\r\n");
    for (String header : headers) {
      head.append(header).append("\r\n");
    }
    return head;
  }

  /** The body in chunks of the given sizes, the last size again and again. */
  static byte[] chunks(byte[] body, int size) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int from = 0; from < body.length; from += size) {
      int length = Math.min(size, body.length - from);
      out.writeBytes(latin(Integer.toHexString(length) + "\r\n"));
      out.write(body, from, length);
      out.writeBytes(latin("\r\n"));
    }
    out.writeBytes(latin("0\r\n\r\n"));
    return out.toByteArray();
  }

  static byte[] latin(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static byte[] join(byte[]... parts) {
    return join(List.of(parts));
  }

  static byte[] join(List<byte[]> parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    parts.forEach(out::writeBytes);
    return out.toByteArray();
  }
}
