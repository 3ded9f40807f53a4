package dev.modelserver.server.connection;

import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;

/**
 * Puts the strict decoder and its guard into a pipeline of Vert.x, as soon as that has found out
 * that the client speaks HTTP/1. It stands behind the handler that finds out, so that the first
 * bytes come by after the codec was added and before it has read them.
 */
final class Http1Splice extends ChannelInboundHandlerAdapter {

  /** Vert.x's names for the two halves of its codec. */
  private static final String DECODER = "httpDecoder";

  private static final String ENCODER = "httpEncoder";

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    ctx.fireChannelActive();
    // Vert.x has added its handlers after this one by now
    ctx.pipeline().remove(this);
    ctx.pipeline().addLast(new Behind());
  }

  /** The second half, behind Vert.x's own handler. */
  private static final class Behind extends ChannelInboundHandlerAdapter {

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
      ChannelPipeline pipeline = ctx.pipeline();
      if (pipeline.get(DECODER) != null && pipeline.get(ENCODER) != null) {
        Http1Guard guard = new Http1Guard();
        pipeline.replace(DECODER, DECODER, guard.decoder());
        pipeline.addAfter(ENCODER, "guard", guard);
        ChannelConfig config = ctx.channel().config();
        config.setAllocator(new RoomyAllocator(config.getAllocator()));
      }
      pipeline.remove(this);
      ctx.fireChannelRead(msg);
    }
  }
}
