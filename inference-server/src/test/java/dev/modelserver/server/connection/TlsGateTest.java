package dev.modelserver.server.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.server.secret.TestCertificate;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;

class TlsGateTest {

  private static final SslContext CONTEXT = context();
  private static final long LIMIT = TlsGate.HANDSHAKE_TIMEOUT.toSeconds();

  @Test
  void aHandshakeIsToldByItsFirstByte() {
    EmbeddedChannel channel = channel(true);
    channel.writeInbound(Unpooled.wrappedBuffer(new byte[] {22}));

    assertThat(channel.pipeline().get(SslHandler.class)).isNotNull();
    assertThat(channel.pipeline().get(TlsGate.class)).isNull();
    assertThat(channel.isOpen()).isTrue();

    channel.advanceTimeBy(LIMIT, TimeUnit.SECONDS);
    channel.runScheduledPendingTasks();
    assertThat(channel.isOpen()).as("the rest did not come").isFalse();
  }

  @Test
  void nonsenseInAHandshakeEndsTheConnection() {
    EmbeddedChannel channel = channel(false);
    ByteBuf nonsense = Unpooled.wrappedBuffer(new byte[] {22, 9, 9, 0, 1, 1});
    channel.writeInbound(nonsense);
    channel.runPendingTasks();
    assertThat(channel.isOpen()).isFalse();
    assertThat(nonsense.refCnt()).isZero();
    channel.checkException();
  }

  @Test
  void aPlainRequestPassesAPermissivePortAndIsCounted() {
    TlsPort port = new TlsPort(false, () -> CONTEXT);
    EmbeddedChannel channel = new EmbeddedChannel(new TlsGate(port));
    channel.writeInbound(ascii("GET / HTTP/1.1\r\n"));

    ByteBuf passed = channel.readInbound();
    assertThat(passed.toString(StandardCharsets.US_ASCII)).isEqualTo("GET / HTTP/1.1\r\n");
    passed.release();
    assertThat(channel.pipeline().get(TlsGate.class)).isNull();
    assertThat(port.plainConnections().sum()).isEqualTo(1);
  }

  @Test
  void whatThePortWritesFirstWaitsForTheFirstByte() {
    EmbeddedChannel permissive = channel(false);
    permissive.writeOutbound(ascii("settings"));
    assertThat(permissive.outboundMessages()).isEmpty();
    permissive.writeInbound(ascii("PRI"));
    ByteBuf settings = permissive.readOutbound();
    assertThat(settings.toString(StandardCharsets.US_ASCII)).isEqualTo("settings");
    settings.release();

    EmbeddedChannel strict = channel(true);
    strict.writeOutbound(ascii("settings"));
    strict.writeInbound(Unpooled.wrappedBuffer(new byte[] {22}));
    assertThat(strict.outboundMessages()).as("not before the handshake").isEmpty();
  }

  /** As gRPC's do, which write their settings while they are added. */
  @Test
  void theGateIsThereBeforeThePortsOwnHandlers() throws Exception {
    NioEventLoopGroup loop = new NioEventLoopGroup(1);
    try {
      Channel listening =
          new ServerBootstrap()
              .group(loop)
              .channel(NioServerSocketChannel.class)
              .handler(new TlsGate.Installer())
              .childHandler(new Hasty())
              .bind(InetAddress.getLoopbackAddress(), 0)
              .sync()
              .channel();
      int port = ((InetSocketAddress) listening.localAddress()).getPort();
      new TlsPort(true, () -> CONTEXT).protect(port);
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        socket.setSoTimeout(30_000);
        socket.getOutputStream().write('G');
        assertThat(socket.getInputStream().readNBytes(8)).asString().isEqualTo("HTTP/1.1");
      }
    } finally {
      loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
    }
  }

  private static final class Hasty extends ChannelInitializer<Channel> {
    @Override
    protected void initChannel(Channel channel) {
      var _ = channel.writeAndFlush(ascii("settings"));
    }
  }

  @Test
  void whatStillWaitsFailsWithTheConnection() {
    EmbeddedChannel channel = channel(true);
    ByteBuf settings = ascii("settings");
    ChannelFuture written = channel.writeOneOutbound(settings);
    var _ = channel.close();

    assertThat(written.cause()).isInstanceOf(ClosedChannelException.class);
    assertThat(settings.refCnt()).isZero();
  }

  @Test
  void aPlainRequestIsRefusedByAStrictPort() {
    EmbeddedChannel channel = channel(true);
    ByteBuf request = ascii("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    channel.writeInbound(request);

    assertThat(request.refCnt()).isZero();
    ByteBuf answer = channel.readOutbound();
    assertThat(answer.toString(StandardCharsets.US_ASCII))
        .startsWith("HTTP/1.1 400 Bad Request\r\n")
        .endsWith(
            "{\"error\":\"this port speaks TLS only; use https://, or a gRPC channel with TLS\"}");
    answer.release();
    assertThat(channel.inboundMessages()).isEmpty();
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void silenceEndsAStrictConnectionOnly() {
    EmbeddedChannel strict = channel(true);
    EmbeddedChannel permissive = channel(false);
    for (EmbeddedChannel channel : List.of(strict, permissive)) {
      channel.advanceTimeBy(LIMIT, TimeUnit.SECONDS);
      channel.runScheduledPendingTasks();
    }
    assertThat(strict.isOpen()).isFalse();
    assertThat(permissive.isOpen()).isTrue();
  }

  @Test
  void aPortThatIsToSpeakTlsAnswersNobodyBeforeItsCertificateIsThere() {
    int port = 1;
    EmbeddedChannel listening =
        new EmbeddedChannel() {
          @Override
          protected SocketAddress localAddress0() {
            return new InetSocketAddress(port);
          }
        };
    assertThat(TlsPort.of(listening)).isNull();

    TlsPort.announce(port);
    TlsPort announced = Objects.requireNonNull(TlsPort.of(listening));
    for (byte[] first : List.of(new byte[] {22, 3, 1}, new byte[] {'G'}, new byte[] {'P'})) {
      EmbeddedChannel channel = new EmbeddedChannel(new TlsGate(announced));
      channel.writeInbound(Unpooled.wrappedBuffer(first));
      assertThat(channel.inboundMessages()).isEmpty();
      assertThat(channel.isOpen()).isFalse();
      channel.releaseOutbound();
    }

    new TlsPort(true, () -> CONTEXT).protect(port);
    TlsPort.announce(port);
    assertThat(Objects.requireNonNull(TlsPort.of(listening)).context()).isSameAs(CONTEXT);
  }

  private static EmbeddedChannel channel(boolean strict) {
    EmbeddedChannel channel = new EmbeddedChannel();
    channel.freezeTime();
    channel.pipeline().addLast(new TlsGate(new TlsPort(strict, () -> CONTEXT)));
    channel.pipeline().fireChannelActive();
    return channel;
  }

  private static ByteBuf ascii(String text) {
    return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
  }

  private static SslContext context() {
    TestCertificate certificate = TestCertificate.of("-keyalg EC", "localhost");
    try {
      return TlsPort.context(
          certificate.key(), List.of((X509Certificate) certificate.certificate()), "h2");
    } catch (SSLException e) {
      throw new IllegalStateException(e);
    }
  }
}
