package dev.modelserver.server.grpc;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ServerChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.time.Duration;

/**
 * The open connections. The library can send clients away only when it stops listening; a pod that
 * leaves must send them away while it still listens, because endpoints are told later.
 */
@Sharable
final class Connections extends ChannelInboundHandlerAdapter {

  private final ChannelGroup open = new DefaultChannelGroup(ImmediateEventExecutor.INSTANCE);

  /** Makes listening channels that note each connection before anybody else sees it. */
  ChannelFactory<ServerChannel> noting(ChannelFactory<? extends ServerChannel> factory) {
    return () -> {
      ServerChannel channel = factory.newChannel();
      channel.pipeline().addLast(this);
      return channel;
    };
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object connection) {
    open.add((Channel) connection);
    context.fireChannelRead(connection);
  }

  /**
   * Sends each client away (GOAWAY): its calls under way end normally, its next ones come over
   * another connection.
   *
   * @param patience how long calls under way may take
   */
  void sendAway(Duration patience) {
    for (Channel connection : open) {
      connection
          .eventLoop()
          .execute(
              () -> {
                var handler = connection.pipeline().get(Http2ConnectionHandler.class);
                // a connection so new that it does not speak yet is left alone
                if (handler != null) {
                  handler.gracefulShutdownTimeoutMillis(patience.toMillis());
                  var _ = connection.close();
                }
              });
    }
  }
}
