package dev.modelserver.server.connection;

import io.netty.channel.Channel;
import io.netty.handler.codec.http2.Http2SecurityUtil;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;
import java.net.InetSocketAddress;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * A port whose connections speak TLS. It ends before the first handler of the port: what stands
 * behind it sees the bytes that it would see without TLS, so every limit holds as it does there,
 * and both ports have the same mechanism. A certificate is exchanged by the next connection asking
 * for another context.
 */
public final class TlsPort {

  /** The handler that encrypts, in a pipeline. */
  static final String HANDLER = "tls";

  /** Kept for clients that come back; those of TLS 1.3 keep theirs themselves. */
  private static final int MAX_SESSIONS = 1024;

  private static final Map<Integer, TlsPort> PORTS = new ConcurrentHashMap<>();

  private final boolean strict;
  private final @Nullable Supplier<SslContext> contexts;
  private final LongAdder plain = new LongAdder();

  /**
   * Describes one.
   *
   * @param strict whether connections without TLS are refused
   * @param contexts asked once for each connection
   */
  public TlsPort(boolean strict, Supplier<SslContext> contexts) {
    this.strict = strict;
    this.contexts = contexts;
  }

  /** Answers nobody: the certificate is not there yet. */
  private TlsPort() {
    this.strict = true;
    this.contexts = null;
  }

  /**
   * Says that a port will speak TLS, before anything could open it. A connection that comes before
   * {@link #protect} has named the certificate is never answered as a plain one.
   */
  public static void announce(int port) {
    PORTS.putIfAbsent(port, new TlsPort());
  }

  /** Has the connections of a port speak TLS from now on. */
  public void protect(int port) {
    PORTS.put(port, this);
  }

  /**
   * What connections with this certificate are encrypted by: TLS 1.2 and 1.3.
   *
   * @param protocols which the client may choose from (ALPN), the preferred one first
   */
  public static SslContext context(PrivateKey key, List<X509Certificate> chain, String... protocols)
      throws SSLException {
    return SslContextBuilder.forServer(key, chain)
        .sslProvider(SslProvider.JDK)
        .protocols("TLSv1.3", "TLSv1.2")
        .sessionCacheSize(MAX_SESSIONS)
        .ciphers(Http2SecurityUtil.CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
        .applicationProtocolConfig(
            new ApplicationProtocolConfig(
                Protocol.ALPN,
                SelectorFailureBehavior.NO_ADVERTISE,
                SelectedListenerFailureBehavior.ACCEPT,
                protocols))
        .build();
  }

  /** Whether a connection of the HTTP port is encrypted. */
  public static boolean encrypts(HttpConnection connection) {
    return connection instanceof ConnectionBase base
        && base.channelHandlerContext().pipeline().get(HANDLER) != null;
  }

  /** Connections without TLS that were answered. */
  public LongAdder plainConnections() {
    return plain;
  }

  /** The port that listens on a channel; null when it speaks no TLS. */
  static @Nullable TlsPort of(Channel listening) {
    return !PORTS.isEmpty() && listening.localAddress() instanceof InetSocketAddress address
        ? PORTS.get(address.getPort())
        : null;
  }

  boolean strict() {
    return strict;
  }

  /** What the next connection is encrypted by; null: there is no certificate yet. */
  @Nullable SslContext context() {
    return contexts == null ? null : contexts.get();
  }
}
