package dev.modelserver.server.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Http1GuardTest {

  private static final String GET = "GET /a HTTP/1.1\r\nHost: x\r\n\r\n";

  private final Http1Guard guard = new Http1Guard();
  private final EmbeddedChannel channel =
      new EmbeddedChannel(guard.decoder(), new HttpResponseEncoder(), guard);

  @BeforeEach
  void stopTheClock() {
    channel.freezeTime();
  }

  @Test
  void letsGoodRequestsThrough() {
    receive(GET + GET);

    assertThat(requests()).hasSize(2).allMatch(request -> request.uri().equals("/a"));
    assertThat(sent()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "NOT HTTP\r\n\r\n",
        "GET / HTTP/1.2\r\n\r\n",
        "GET / http/1.1\r\n\r\n",
        "GET /\r\n\r\n",
        "GET / HTTP/1.1\r\nno colon\r\n\r\n",
        "GET / HTTP/1.1\r\n: no name\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n",
      })
  void answersWhatIsNoRequest(String bytes) {
    receive(bytes);

    assertThat(sent()).startsWith("HTTP/1.1 400").contains("{\"error\":\"the request is not valid");
    assertThat(channel.isOpen()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 3\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nContent-Length: 3",
        "Transfer-Encoding: gzip",
        "Transfer-Encoding: chunked, gzip",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\n , identity",
      })
  void refusesBodiesWhoseEndIsOpenToDoubt(String headers) {
    receive("POST / HTTP/1.1\r\n" + headers + "\r\n\r\n0\r\n\r\n" + GET);

    assertThat(requests()).isEmpty();
    assertThat(sent()).startsWith("HTTP/1.1 400").contains("Transfer-Encoding takes");
    assertThat(channel.isOpen()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Host: a\r\nHost: b", "host: a\r\nX: y\r\nHOST: a", "Host:\r\nhOsT:"})
  void refusesASecondHost(String headers) {
    receive("GET / HTTP/1.1\r\n" + headers + "\r\n\r\n" + GET);

    assertThat(requests()).isEmpty();
    assertThat(sent()).startsWith("HTTP/1.1 400").contains("more than one Host header");
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void takesOneHostPerRequest() {
    receive(GET + "GET /a HTTP/1.1\r\nX-Host: x\r\nHosts: y\r\nHost: x\r\n\r\n");

    assertThat(requests()).hasSize(2);
    assertThat(sent()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X: a\r\n b",
        "X: a\r\n\tb\r\nY: c",
        "X: a\r\n \r\nY: c",
        "Transfer-Encoding:\r\n chunked",
      })
  void refusesAFoldedHeader(String headers) {
    String request = "POST / HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n\r\n0\r\n\r\n" + GET;
    receive(request);
    assertThat(requests()).isEmpty();
    assertThat(sent())
        .startsWith("HTTP/1.1 400")
        .contains("on a second line")
        .doesNotContain("200");
    assertThat(channel.isOpen()).isFalse();

    EmbeddedChannel other = channel();
    for (int at = 0; other.isOpen(); at++) {
      other.writeInbound(ascii(request.substring(at, at + 1)));
    }
    assertThat(other.<Object>readInbound()).isNull();
    assertThat(sent(other)).containsOnlyOnce("HTTP/1.1 400").contains("on a second line");
  }

  @Test
  void refusesAFoldedTrailer() {
    receive("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n");
    receive("X: a\r\n b\r\n\r\n");

    assertThat(sent()).startsWith("HTTP/1.1 400").contains("on a second line");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        " 1\r\n",
        "\t1\r\n",
        "1 \r\n",
        "1;a\r\n",
        "1;a=b\r\n",
        "1;a=\"b\r\nc\"\r\n",
        "1;\r\n",
        "1\n",
        "\r\n",
        "1\r\r\n",
        "0x1\r\n",
        "-1\r\n",
        "100000001\r\n",
        "FFFFFFFFFFFFFFFF1\r\n",
      })
  void refusesMoreThanASizeBeforeAChunk(String line) {
    receive("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n");
    receive(line + "x\r\n0\r\n\r\n" + GET);

    assertThat(requests()).hasSize(1);
    assertThat(sent())
        .startsWith("HTTP/1.1 400")
        .contains("hexadecimal digits alone, without blanks or extensions");
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void takesChunksHoweverTheyAreCut() {
    String chunks = "a\r\n0123456789\r\n000B\r\n\r\n;=\r\n 11\r\n\r\n0\r\nX: y\r\n\r\n";
    String request = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks;
    for (int size = 1; size < request.length(); size++) {
      EmbeddedChannel other = channel();
      for (int from = 0; from < request.length(); from += size) {
        other.writeInbound(ascii(request.substring(from, Math.min(request.length(), from + size))));
      }
      other.writeInbound(ascii(GET));

      assertThat(sent(other)).isEmpty();
      assertThat(other.inboundMessages().stream().filter(HttpRequest.class::isInstance)).hasSize(2);
      other.releaseInbound();
    }
  }

  @Test
  void saysWhichLimitOfTheHeadWasPassed() {
    receive("GET /" + "a".repeat(StrictRequestDecoder.MAX_LINE_BYTES) + " HTTP/1.1\r\n\r\n");
    assertThat(sent()).startsWith("HTTP/1.1 414").contains("more than 8192 bytes");

    EmbeddedChannel other = channel();
    other.writeInbound(
        ascii(
            "GET / HTTP/1.1\r\nX: "
                + "a".repeat(StrictRequestDecoder.MAX_HEADER_BYTES)
                + "\r\n\r\n"));
    assertThat(sent(other)).startsWith("HTTP/1.1 431").contains("more than 20480 bytes");
  }

  @Test
  void answersEarlierRequestsBeforeItRefuses() {
    receive(GET + GET + "GARBAGE\r\n\r\n");
    assertThat(requests()).hasSize(2);
    assertThat(sent()).isEmpty();

    answer();
    assertThat(sent()).startsWith("HTTP/1.1 200").doesNotContain("400");
    answer();
    assertThat(sent()).startsWith("HTTP/1.1 200").contains("HTTP/1.1 400");
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void refusesABrokenChunkInPlaceOfTheAnswer() {
    receive("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n");
    receive("zz\r\n");

    assertThat(sent()).startsWith("HTTP/1.1 400");
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void closesWhenAChunkBreaksAfterTheAnswer() {
    receive("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n");
    answer();
    assertThat(sent()).startsWith("HTTP/1.1 200");

    receive("zz\r\n");

    assertThat(sent()).isEmpty();
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void takesNoMoreThanSoManyRequestsAhead() {
    receive(GET.repeat(Http1Guard.MAX_PIPELINED + 10));
    assertThat(requests()).hasSize(Http1Guard.MAX_PIPELINED);

    answer();
    answer();
    channel.runPendingTasks();

    assertThat(requests()).hasSize(2);
    for (int i = 0; i < Http1Guard.MAX_PIPELINED; i++) {
      answer();
    }
    channel.runPendingTasks();
    assertThat(requests()).hasSize(8);
  }

  @Test
  void doesNotCountInterimAnswers() {
    receive("POST / HTTP/1.1\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
    channel.writeOutbound(response(HttpResponseStatus.CONTINUE));
    receive("ab" + "GARBAGE\r\n\r\n");
    assertThat(sent()).startsWith("HTTP/1.1 100").doesNotContain("400");

    answer();

    assertThat(sent()).startsWith("HTTP/1.1 200").contains("HTTP/1.1 400");
  }

  @Test
  void refusesABodyOfTinyChunks() {
    receive("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n");
    receive("1\r\nx\r\n".repeat(Http1Guard.MAX_CHUNKS));
    assertThat(channel.isOpen()).isTrue();

    receive("1\r\nx\r\n");

    assertThat(sent())
        .startsWith("HTTP/1.1 400")
        .contains("more than 16384 chunks of fewer than 32 bytes on average");
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void takesAnyNumberOfFairChunks() {
    String chunk = "40\r\n" + "x".repeat(2 * Http1Guard.MIN_CHUNK_BYTES) + "\r\n";
    receive("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n");
    receive(chunk.repeat(Http1Guard.MAX_CHUNKS + 10) + "0\r\n\r\n");

    assertThat(sent()).isEmpty();
    assertThat(channel.isOpen()).isTrue();
  }

  @Test
  void givesAHeadSoMuchTime() {
    receive("GET / HTTP/1.1\r\nHos");
    pass(StrictRequestDecoder.HEAD_TIMEOUT.toSeconds() - 1);
    receive("t: x\r\n");
    assertThat(channel.isOpen()).isTrue();

    pass(1);

    assertThat(sent()).startsWith("HTTP/1.1 408").contains("did not arrive within 20 s");
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void hasPatienceBetweenRequestsAndWithinBodies() {
    receive(GET);
    pass(1000);
    receive("POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\na");
    pass(1000);
    receive("b");
    pass(1000);

    assertThat(channel.isOpen()).isTrue();
    assertThat(requests()).hasSize(2);
  }

  @Test
  void closesAConnectionThatSendsEmptyLinesOnly() {
    receive("\r\n");
    pass(10);
    receive("\r\n");
    pass(10);

    assertThat(sent()).isEmpty();
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void speaksNoOtherProtocolOnTheSameConnection() {
    receive("GET / HTTP/1.1\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n");

    assertThat(requests().getFirst().headers().contains(HttpHeaderNames.UPGRADE)).isFalse();
  }

  private EmbeddedChannel channel() {
    Http1Guard other = new Http1Guard();
    return new EmbeddedChannel(other.decoder(), new HttpResponseEncoder(), other);
  }

  private void receive(String bytes) {
    channel.writeInbound(ascii(bytes));
  }

  private void answer() {
    channel.writeOutbound(response(HttpResponseStatus.OK));
  }

  private void pass(long seconds) {
    channel.advanceTimeBy(seconds, TimeUnit.SECONDS);
    channel.runScheduledPendingTasks();
  }

  private List<HttpRequest> requests() {
    List<HttpRequest> requests = new ArrayList<>();
    for (Object message = channel.readInbound(); message != null; message = channel.readInbound()) {
      if (message instanceof HttpRequest request) {
        requests.add(request);
      }
    }
    return requests;
  }

  private String sent() {
    return sent(channel);
  }

  private static String sent(EmbeddedChannel from) {
    StringBuilder text = new StringBuilder();
    for (ByteBuf bytes = from.readOutbound(); bytes != null; bytes = from.readOutbound()) {
      text.append(bytes.toString(StandardCharsets.US_ASCII));
      bytes.release();
    }
    return text.toString();
  }

  private static ByteBuf ascii(String text) {
    return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
  }

  private static DefaultFullHttpResponse response(HttpResponseStatus status) {
    var response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status);
    if (status.equals(HttpResponseStatus.OK)) {
      response.headers().set(HttpHeaderNames.CONTENT_LENGTH, 0);
    }
    return response;
  }
}
