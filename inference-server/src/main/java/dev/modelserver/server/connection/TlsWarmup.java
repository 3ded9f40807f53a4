package dev.modelserver.server.connection;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.CodecException;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.security.cert.X509Certificate;
import java.time.Duration;
import javax.net.ssl.SSLException;

/**
 * Handshakes within the process, before it is ready. The first ones of a new process take many
 * times as long as later ones, and a pod that has just become ready gets its share of all new
 * connections: without these its first clients would wait for seconds.
 */
public final class TlsWarmup {

  /** After so many there is little left to gain. */
  static final int HANDSHAKES = 100;

  /** With a small CPU limit: a start may take this much longer. */
  static final Duration LONGEST = Duration.ofSeconds(3);

  /** A handshake takes three flights; one that takes more goes wrong. */
  private static final int MOST_FLIGHTS = 10;

  private static final int REQUEST_BYTES = 256;

  private TlsWarmup() {}

  /**
   * Makes connections of each version of TLS in turn, over each of which a few bytes are sent.
   *
   * @param server what connections of the port are encrypted by
   * @param authority the last certificate of its chain
   * @return how many succeeded
   */
  public static int run(SslContext server, X509Certificate authority) {
    long end = System.nanoTime() + LONGEST.toNanos();
    int done = 0;
    try {
      SslContext[] clients = {client("TLSv1.3", authority), client("TLSv1.2", authority)};
      while (done < HANDSHAKES
          && System.nanoTime() < end
          && connects(server, clients[done % clients.length])) {
        done++;
      }
    } catch (SSLException | CodecException e) {
      // Whoever connects is told what is wrong; a certificate that has expired is used all the
      // same.
      return done;
    }
    return done;
  }

  private static SslContext client(String version, X509Certificate authority) throws SSLException {
    return SslContextBuilder.forClient()
        .sslProvider(SslProvider.JDK)
        .protocols(version)
        .trustManager(authority)
        .build();
  }

  private static boolean connects(SslContext serverContext, SslContext clientContext) {
    EmbeddedChannel server =
        new EmbeddedChannel(serverContext.newHandler(Unpooled.EMPTY_BUFFER.alloc()));
    SslHandler tls = clientContext.newHandler(Unpooled.EMPTY_BUFFER.alloc());
    EmbeddedChannel client = new EmbeddedChannel(tls);
    try {
      for (int i = 0; i < MOST_FLIGHTS && !tls.handshakeFuture().isDone(); i++) {
        deliver(client, server);
        deliver(server, client);
      }
      client.writeOutbound(Unpooled.buffer(REQUEST_BYTES).writeZero(REQUEST_BYTES));
      deliver(client, server);
      ByteBuf arrived = server.readInbound();
      boolean whole = arrived != null && arrived.readableBytes() == REQUEST_BYTES;
      if (arrived != null) {
        arrived.release();
      }
      return whole;
    } finally {
      client.finishAndReleaseAll();
      server.finishAndReleaseAll();
    }
  }

  private static void deliver(EmbeddedChannel from, EmbeddedChannel to) {
    for (Object message = from.readOutbound(); message != null; message = from.readOutbound()) {
      to.writeInbound(message);
    }
  }
}
