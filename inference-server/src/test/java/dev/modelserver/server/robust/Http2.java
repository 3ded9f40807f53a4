package dev.modelserver.server.robust;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Writes HTTP/2 frames byte by byte (RFC 9113, section 4), right or wrong. */
final class Http2 {

  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int PRIORITY = 2;
  static final int RST_STREAM = 3;
  static final int SETTINGS = 4;
  static final int PUSH_PROMISE = 5;
  static final int PING = 6;
  static final int GOAWAY = 7;
  static final int WINDOW_UPDATE = 8;
  static final int CONTINUATION = 9;

  static final int END_STREAM = 1;
  static final int ACK = 1;
  static final int END_HEADERS = 4;
  static final int PADDED = 8;
  static final int PRIORITIZED = 32;

  static final byte[] PREFACE = Http1.latin("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

  private Http2() {}

  static byte[] frame(int type, int flags, int stream, byte[] payload) {
    return frame(payload.length, type, flags, stream, payload);
  }

  /** A frame whose length may be a lie. */
  static byte[] frame(int length, int type, int flags, int stream, byte[] payload) {
    return ByteBuffer.allocate(9 + payload.length)
        .put((byte) (length >> 16))
        .put((byte) (length >> 8))
        .put((byte) length)
        .put((byte) type)
        .put((byte) flags)
        .putInt(stream)
        .put(payload)
        .array();
  }

  /** Names and values in turn, each literal and not indexed (RFC 7541, section 6.2.2). */
  static byte[] block(String... fields) {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    for (int i = 0; i < fields.length; i += 2) {
      block.write(0);
      text(block, fields[i]);
      text(block, fields[i + 1]);
    }
    return block.toByteArray();
  }

  static byte[] headers(int stream, int flags, String... fields) {
    return frame(HEADERS, flags, stream, block(fields));
  }

  static byte[] data(int stream, int flags, byte[] bytes) {
    return frame(DATA, flags, stream, bytes);
  }

  /** A POST of JSON in two frames. */
  static byte[] post(int stream, String path, String json) {
    return Http1.join(
        headers(
            stream,
            END_HEADERS,
            ":method",
            "POST",
            ":scheme",
            "http",
            ":path",
            path,
            ":authority",
            "server",
            "content-type",
            "application/json"),
        data(stream, END_STREAM, json.getBytes(StandardCharsets.UTF_8)));
  }

  /** A call of gRPC: one message with its five bytes in front. */
  static byte[] call(int stream, String method, byte[] message, String... more) {
    String[] fields = {
      ":method",
      "POST",
      ":scheme",
      "http",
      ":path",
      method,
      ":authority",
      "server",
      "content-type",
      "application/grpc",
      "te",
      "trailers"
    };
    return Http1.join(
        frame(HEADERS, END_HEADERS, stream, Http1.join(block(fields), block(more))),
        data(stream, END_STREAM, message));
  }

  /** A message with the prefix that gRPC wants. */
  static byte[] message(byte[] proto) {
    return message(0, proto.length, proto);
  }

  static byte[] message(int compressed, int length, byte[] proto) {
    return ByteBuffer.allocate(5 + proto.length)
        .put((byte) compressed)
        .putInt(length)
        .put(proto)
        .array();
  }

  private static void text(ByteArrayOutputStream block, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    int rest = bytes.length;
    if (rest < 127) {
      block.write(rest);
    } else {
      block.write(127);
      for (rest -= 127; rest >= 128; rest >>= 7) {
        block.write((rest & 127) | 128);
      }
      block.write(rest);
    }
    block.writeBytes(bytes);
  }
}
