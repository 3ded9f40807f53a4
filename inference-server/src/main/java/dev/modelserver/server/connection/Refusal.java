package dev.modelserver.server.connection;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/** Why a connection is given up, with the answer it gets first. Each is counted. */
enum Refusal {
  NOT_HTTP(
      400,
      "bad_http",
      "the request is not valid HTTP/1.1; correct its request line, headers or chunks"),
  TRANSFER_CODING(
      400,
      "bad_http",
      "Transfer-Encoding takes \"chunked\" alone, in HTTP/1.1, without Content-Length"),
  SECOND_HOST(400, "bad_http", "the request has more than one Host header; send exactly one"),
  FOLDED_HEADER(
      400,
      "bad_http",
      "a header continues on a second line; write each header on a line of its own"),
  CHUNK_SIZE(
      400,
      "bad_http",
      "a line before a chunk takes the size in hexadecimal digits alone, without blanks or"
          + " extensions"),
  SMALL_CHUNKS(
      400,
      "bad_http",
      "the body comes in more than "
          + Http1Guard.MAX_CHUNKS
          + " chunks of fewer than "
          + Http1Guard.MIN_CHUNK_BYTES
          + " bytes on average; send larger ones"),
  LONG_LINE(
      414,
      "bad_http",
      "the request line has more than "
          + StrictRequestDecoder.MAX_LINE_BYTES
          + " bytes; shorten the path or the query, or send the values in a body"),
  LARGE_HEAD(
      431,
      "bad_http",
      "the headers have more than "
          + StrictRequestDecoder.MAX_HEADER_BYTES
          + " bytes together; send fewer or shorter ones"),
  SLOW_HEAD(
      408,
      "slow_client",
      "the head of the request did not arrive within "
          + StrictRequestDecoder.HEAD_TIMEOUT.toSeconds()
          + " s; send it faster"),
  TLS_REQUIRED(
      400, "tls_required", "this port speaks TLS only; use https://, or a gRPC channel with TLS"),
  TLS_HANDSHAKE(400, "tls_handshake", "the TLS handshake failed"),
  TOO_MANY_CONNECTIONS(
      503,
      "too_many_connections",
      "the server has no room for another connection; use fewer, or try again in a second");

  private static final Map<String, LongAdder> GIVEN =
      Map.of(
          "bad_http", new LongAdder(),
          "slow_client", new LongAdder(),
          "tls_required", new LongAdder(),
          "tls_handshake", new LongAdder(),
          "too_many_connections", new LongAdder());

  private final int status;
  private final String type;
  private final String message;
  private final String body;

  Refusal(int status, String type, String message) {
    this.status = status;
    this.type = type;
    this.message = message;
    this.body = "{\"error\":\"" + message.replace("\"", "\\\"") + "\"}";
  }

  /** What is wrong, by the decoder's exception. */
  static Refusal of(Throwable cause) {
    return switch (cause) {
      case TooLongHttpLineException e -> LONG_LINE;
      case TooLongHttpHeaderException e -> LARGE_HEAD;
      case StrictRequestDecoder.TransferCodingException e -> TRANSFER_CODING;
      case StrictRequestDecoder.SecondHostException e -> SECOND_HOST;
      default -> NOT_HTTP;
    };
  }

  /** How many were given since the start, by type; the types are labels of the error counter. */
  static Map<String, LongAdder> given() {
    return GIVEN;
  }

  /** Counts one that is given without {@link #answer()}. */
  void count() {
    Objects.requireNonNull(GIVEN.get(type)).increment();
  }

  /** What is wrong and what to do. */
  String message() {
    return message;
  }

  /** The answer as it goes over the wire, for a connection without a codec. */
  ByteBuf bytes() {
    FullHttpResponse answer = answer();
    StringBuilder head = new StringBuilder("HTTP/1.1 ").append(answer.status()).append("\r\n");
    answer
        .headers()
        .forEach(
            header ->
                head.append(header.getKey()).append(": ").append(header.getValue()).append("\r\n"));
    return Unpooled.wrappedBuffer(
        Unpooled.copiedBuffer(head.append("\r\n"), StandardCharsets.US_ASCII), answer.content());
  }

  /** The answer, once. */
  FullHttpResponse answer() {
    count();
    ByteBuf content = Unpooled.copiedBuffer(body, StandardCharsets.UTF_8);
    var response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status), content);
    var headers = response.headers();
    headers.set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON);
    headers.set(HttpHeaderNames.CONTENT_LENGTH, content.readableBytes());
    headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    if (status == 503) {
      headers.set(HttpHeaderNames.RETRY_AFTER, "1");
    }
    return response;
  }
}
