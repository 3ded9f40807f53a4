package dev.modelserver.server;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A collector of OpenTelemetry: takes traces as protobuf over HTTP. The fields are read by their
 * numbers in trace.proto.
 */
final class OtlpReceiver implements AutoCloseable {

  private final HttpServer server;
  private final List<Span> spans = new CopyOnWriteArrayList<>();

  OtlpReceiver() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/v1/traces", this::receive);
    server.start();
  }

  String endpoint() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  List<Span> spans() {
    return spans;
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private void receive(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    UnknownFieldSet request = UnknownFieldSet.parseFrom(body);
    for (UnknownFieldSet ofResource : messages(request, 1)) {
      Map<String, Object> resource = attributes(messages(ofResource, 1).getFirst(), 1);
      for (UnknownFieldSet ofScope : messages(ofResource, 2)) {
        for (UnknownFieldSet span : messages(ofScope, 2)) {
          spans.add(span(span, resource));
        }
      }
    }
    exchange.sendResponseHeaders(200, -1);
    exchange.close();
  }

  private static Span span(UnknownFieldSet span, Map<String, Object> resource)
      throws InvalidProtocolBufferException {
    List<UnknownFieldSet> status = messages(span, 15);
    return new Span(
        hex(span, 1),
        hex(span, 2),
        hex(span, 4),
        bytes(span, 5).toStringUtf8(),
        span.getField(6).getVarintList().getFirst().intValue(),
        span.getField(7).getFixed64List().getFirst(),
        span.getField(8).getFixed64List().getFirst(),
        attributes(span, 9),
        status.isEmpty() || !status.getFirst().hasField(3)
            ? 0
            : status.getFirst().getField(3).getVarintList().getFirst().intValue(),
        resource);
  }

  private static List<UnknownFieldSet> messages(UnknownFieldSet in, int field)
      throws InvalidProtocolBufferException {
    List<UnknownFieldSet> messages = new CopyOnWriteArrayList<>();
    for (ByteString bytes : in.getField(field).getLengthDelimitedList()) {
      messages.add(UnknownFieldSet.parseFrom(bytes));
    }
    return messages;
  }

  private static Map<String, Object> attributes(UnknownFieldSet in, int field)
      throws InvalidProtocolBufferException {
    Map<String, Object> attributes = new HashMap<>();
    for (UnknownFieldSet pair : messages(in, field)) {
      UnknownFieldSet value = messages(pair, 2).getFirst();
      attributes.put(
          bytes(pair, 1).toStringUtf8(),
          value.hasField(1)
              ? bytes(value, 1).toStringUtf8()
              : value.getField(3).getVarintList().getFirst());
    }
    return attributes;
  }

  private static ByteString bytes(UnknownFieldSet in, int field) {
    List<ByteString> values = in.getField(field).getLengthDelimitedList();
    return values.isEmpty() ? ByteString.EMPTY : values.getFirst();
  }

  private static String hex(UnknownFieldSet in, int field) {
    return HexFormat.of().formatHex(bytes(in, field).toByteArray());
  }

  /**
   * A span as it was received.
   *
   * @param kind 1 is internal, 2 a server's
   * @param status 0 is unset, 2 an error
   */
  record Span(
      String trace,
      String id,
      String parent,
      String name,
      int kind,
      long start,
      long end,
      Map<String, Object> attributes,
      int status,
      Map<String, Object> resource) {}
}
