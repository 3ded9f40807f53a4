package dev.modelserver.server.connection;

import io.netty.bootstrap.ChannelInitializerExtension;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ServerChannel;
import io.netty.util.AttributeKey;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Netty calls this for every connection that any port accepts (a service file names it, {@link
 * #ENABLED} switches it on). Each port has a number of connections of its own, so that a crowd on
 * the data port does not keep the kubelet out.
 */
public final class ConnectionLimits extends ChannelInitializerExtension {

  /** The system property, and its value, that makes Netty look for extensions. */
  public static final String PROPERTY = EXTENSIONS_SYSTEM_PROPERTY;

  public static final String ENABLED = "serviceload";

  /** Connections of one port: one for every 32 KiB of the heap, from 1,024 to 65,536. */
  public static final int MAX_CONNECTIONS =
      Math.clamp(Runtime.getRuntime().maxMemory() >> 15, 1 << 10, 1 << 16);

  private static final AttributeKey<AtomicInteger> OPEN =
      AttributeKey.valueOf(ConnectionLimits.class, "open");

  @Override
  public void postInitializeServerListenerChannel(ServerChannel channel) {
    channel.pipeline().addFirst(new TlsGate.Installer());
  }

  @Override
  public void postInitializeServerChildChannel(Channel channel) {
    TlsPort tls = TlsPort.of(channel.parent());
    AtomicInteger open = open(channel.parent());
    var _ = channel.closeFuture().addListener(closed -> open.decrementAndGet());
    if (open.incrementAndGet() > MAX_CONNECTIONS) {
      channel.pipeline().addLast(new Full(tls != null));
    } else {
      if (tls == null) {
        channel.pipeline().addFirst(new Http2HeaderTimeout());
      } else {
        channel.pipeline().addAfter(TlsGate.NAME, null, new Http2HeaderTimeout());
      }
      channel.pipeline().addLast(new Http1Splice());
    }
  }

  private static AtomicInteger open(Channel port) {
    var attribute = port.attr(OPEN);
    AtomicInteger open = attribute.get();
    if (open == null) {
      AtomicInteger first = new AtomicInteger();
      AtomicInteger other = attribute.setIfAbsent(first);
      return other == null ? first : other;
    }
    return open;
  }

  /** Answers whatever comes, at once; where it would be TLS, only closes. */
  private static final class Full extends ChannelInboundHandlerAdapter {
    private final boolean tls;

    Full(boolean tls) {
      this.tls = tls;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
      if (tls) {
        Refusal.TOO_MANY_CONNECTIONS.count();
        var _ = ctx.close();
        return;
      }
      var _ =
          ctx.writeAndFlush(Refusal.TOO_MANY_CONNECTIONS.bytes())
              .addListener(sent -> Http1Guard.linger(ctx));
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
      ReferenceCountUtil.release(msg);
    }
  }
}
