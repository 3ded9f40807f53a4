package dev.modelserver.server.robust;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** One HTTP/2 connection with prior knowledge, with a reader of answers. */
final class Http2Wire implements AutoCloseable {

  private final Socket socket;
  private final DataInputStream in;
  private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false, 1 << 16);
  private final Map<Integer, Answer> answers = new TreeMap<>();
  private int goAway = -1;

  Http2Wire(int port, int timeoutMillis) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(timeoutMillis);
    in = new DataInputStream(socket.getInputStream());
  }

  /** What came back on a stream so far. */
  static final class Answer {
    final Map<String, String> headers = new TreeMap<>();
    final ByteArrayOutputStream body = new ByteArrayOutputStream();
    boolean ended;
    int reset = -1;

    int status() {
      return Integer.parseInt(headers.getOrDefault(":status", "0"));
    }

    String text() {
      return body.toString(StandardCharsets.UTF_8);
    }
  }

  void send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  /** Reads frames until the stream has ended or the connection has; true for the stream. */
  boolean readUntilEndOf(int stream) throws IOException {
    while (true) {
      Answer answer = answers.get(stream);
      if (answer != null && (answer.ended || answer.reset >= 0)) {
        return true;
      }
      if (!frame()) {
        return false;
      }
    }
  }

  Map<Integer, Answer> answers() {
    return answers;
  }

  /** The error code of the server's farewell; -1 without one. */
  int goAway() {
    return goAway;
  }

  /** Reads one frame; false at the end of the connection. */
  private boolean frame() throws IOException {
    int first = in.read();
    if (first < 0) {
      return false;
    }
    int length = first << 16 | in.readUnsignedShort();
    int type = in.readUnsignedByte();
    int flags = in.readUnsignedByte();
    int stream = in.readInt() & 0x7fffffff;
    byte[] payload = in.readNBytes(length);
    if (payload.length < length) {
      throw new IOException("a frame cut short");
    }
    switch (type) {
      case Http2.HEADERS -> {
        Answer answer = answer(stream, flags);
        int priority = (flags & Http2.PRIORITIZED) != 0 ? 5 : 0;
        byte[] block = Arrays.copyOfRange(payload, priority, payload.length);
        for (Map.Entry<CharSequence, CharSequence> field : decode(stream, block)) {
          answer.headers.put(field.getKey().toString(), field.getValue().toString());
        }
      }
      case Http2.DATA -> answer(stream, flags).body.writeBytes(payload);
      case Http2.RST_STREAM -> answer(stream, 0).reset = Unpooled.wrappedBuffer(payload).readInt();
      case Http2.GOAWAY -> goAway = Unpooled.wrappedBuffer(payload).getInt(4);
      case Http2.SETTINGS -> {
        if ((flags & Http2.ACK) == 0) {
          send(Http2.frame(Http2.SETTINGS, Http2.ACK, 0, new byte[0]));
        }
      }
      default -> {}
    }
    return true;
  }

  private Answer answer(int stream, int flags) {
    Answer answer = answers.computeIfAbsent(stream, number -> new Answer());
    answer.ended |= (flags & Http2.END_STREAM) != 0;
    return answer;
  }

  private Http2Headers decode(int stream, byte[] payload) throws IOException {
    ByteBuf block = Unpooled.wrappedBuffer(payload);
    try {
      return decoder.decodeHeaders(stream, block);
    } catch (Http2Exception e) {
      throw new IOException("headers that cannot be read", e);
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
