package dev.modelserver.server.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class Http2HeaderTimeoutTest {

  private static final long LIMIT = StrictRequestDecoder.HEAD_TIMEOUT.toSeconds();

  /** {@code :method GET, :scheme http, :path /}, of the static table. */
  private static final String GET = "828684";

  private static final String START =
      hex(Http2CodecUtil.connectionPrefaceBuf()) + "000000040000000000";
  private static final String PING = "000008060000000000" + "00".repeat(8);

  private final EmbeddedChannel channel =
      new EmbeddedChannel(new Http2HeaderTimeout(), Http2FrameCodecBuilder.forServer().build());

  Http2HeaderTimeoutTest() {
    channel.freezeTime();
  }

  @Test
  void aBlockThatDoesNotEndEndsTheConnection() {
    receive(START + headers(1, 0, GET));
    pass(LIMIT - 1);
    receive(continuation(1, 0, "00"));
    assertThat(channel.isOpen()).isTrue();
    releaseSent();

    pass(1);

    assertGoAway();
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void aHeadersFrameThatIsNeverWholeEndsTheConnection() {
    String frame = headers(1, 4, GET);
    receive(START + frame.substring(0, frame.length() - 2));
    pass(LIMIT);

    assertGoAway();
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void blocksThatEndInTimeGoOn() {
    receive(START);
    for (int stream = 1; stream < 20; stream += 4) {
      receive(headers(stream, 1, GET));
      pass(LIMIT - 1);
      receive(continuation(stream, 0, "") + continuation(stream, 4, ""));
      receive(headers(stream + 2, 5, GET) + PING);
    }
    pass(10 * LIMIT);

    assertThat(channel.isOpen()).isTrue();
  }

  @Test
  void theNextBlockHasItsOwnTime() {
    receive(START + headers(1, 1, GET));
    pass(LIMIT - 1);
    receive(continuation(1, 4, "") + headers(3, 1, GET));
    pass(LIMIT - 1);
    assertThat(channel.isOpen()).isTrue();

    pass(1);

    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void framesAreFollowedHoweverTheyAreCut() {
    String bytes = START + PING + headers(1, 0, GET) + continuation(1, 5, "") + PING;
    for (int at = 0; at < bytes.length(); at += 2) {
      receive(bytes.substring(at, at + 2));
    }
    pass(10 * LIMIT);

    assertThat(channel.isOpen()).isTrue();
  }

  @Test
  void aPrefaceThatDoesNotEndEndsTheConnection() {
    receive(START.substring(0, 20));
    pass(LIMIT);

    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void whatMayStillBeHttp1IsToldInItsWords() {
    EmbeddedChannel other = new EmbeddedChannel(new Http2HeaderTimeout());
    other.freezeTime();
    other.writeInbound(Unpooled.copiedBuffer("P", StandardCharsets.US_ASCII));
    other.advanceTimeBy(LIMIT, TimeUnit.SECONDS);
    other.runScheduledPendingTasks();

    ByteBuf answer = Objects.requireNonNull(other.<ByteBuf>readOutbound());
    assertThat(answer.toString(StandardCharsets.US_ASCII))
        .startsWith("HTTP/1.1 408")
        .contains("did not arrive within 20 s");
    assertThat(other.isOpen()).isFalse();
  }

  @Test
  void otherProtocolsAreLeftAlone() {
    EmbeddedChannel other = new EmbeddedChannel(new Http2HeaderTimeout());
    other.freezeTime();
    other.writeInbound(Unpooled.copiedBuffer("POST / HT", StandardCharsets.US_ASCII));
    other.advanceTimeBy(10 * LIMIT, TimeUnit.SECONDS);
    other.runScheduledPendingTasks();

    assertThat(other.pipeline().get(Http2HeaderTimeout.class)).isNull();
    assertThat(other.isOpen()).isTrue();
    assertThat(Objects.requireNonNull(other.<ByteBuf>readInbound()).readableBytes()).isEqualTo(9);
  }

  private void assertGoAway() {
    ByteBuf all = Unpooled.buffer();
    for (ByteBuf sent = channel.readOutbound(); sent != null; sent = channel.readOutbound()) {
      all.writeBytes(sent);
      sent.release();
    }
    String sent = hex(all);
    int at = sent.indexOf("0700000000007fffffff");
    assertThat(at).isPositive();
    // behind type, flags, stream and last stream
    assertThat(sent.substring(at + 20, at + 28))
        .isEqualTo("%08x".formatted(Http2Error.ENHANCE_YOUR_CALM.code()));
    assertThat(all.toString(StandardCharsets.US_ASCII)).contains("did not arrive within 20 s");
  }

  private void releaseSent() {
    for (ByteBuf sent = channel.readOutbound(); sent != null; sent = channel.readOutbound()) {
      sent.release();
    }
  }

  private void receive(String hex) {
    channel.writeInbound(Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex)));
  }

  private void pass(long seconds) {
    channel.advanceTimeBy(seconds, TimeUnit.SECONDS);
    channel.runScheduledPendingTasks();
  }

  private static String headers(int stream, int flags, String block) {
    return frame(1, flags, stream, block);
  }

  private static String continuation(int stream, int flags, String block) {
    return frame(9, flags, stream, block);
  }

  private static String frame(int type, int flags, int stream, String payload) {
    return "%06x%02x%02x%08x%s".formatted(payload.length() / 2, type, flags, stream, payload);
  }

  private static String hex(ByteBuf bytes) {
    return ByteBufUtil.hexDump(bytes);
  }
}
