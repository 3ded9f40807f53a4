package dev.modelserver.server.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.HttpContent;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The memory of a piece, on its way to a reader that takes it at once, later, or not at all. */
class BodyPiecesTest {

  private static final int LARGE = 64 << 10;

  private final BodyPieces pieces = new BodyPieces();
  private final List<ByteBuf> arrived = new ArrayList<>();
  private boolean readsAtOnce = true;

  private final EmbeddedChannel channel =
      new EmbeddedChannel(
          new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object msg) {
              pieces.pass(ctx, (HttpContent) msg);
            }
          },
          new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object msg) {
              arrived.add(((HttpContent) msg).content());
              if (readsAtOnce) {
                pieces.readAtOnce();
              }
            }
          });

  @Test
  void theFirstPieceIsGivenAndTheNextAreLent() {
    ByteBuf first = receive(LARGE);
    ByteBuf second = receive(LARGE);

    assertThat(arrived.getFirst()).isSameAs(first);
    assertThat(first.refCnt()).isEqualTo(1);
    assertThat(arrived.getLast().alloc()).isNotInstanceOf(PooledByteBufAllocator.class);
    assertThat(second.refCnt()).isZero();
    assertThat(first.release()).isTrue();
  }

  @Test
  void aReaderThatTakesNothingAtOnceIsLentNothing() {
    readsAtOnce = false;
    ByteBuf first = receive(LARGE);
    ByteBuf second = receive(LARGE);

    assertThat(arrived).containsExactly(first, second);
    assertThat(first.release() && second.release()).isTrue();
  }

  /** Somebody may read it yet: it must not become the memory of another connection. */
  @Test
  void whatWasLentAndNotReadIsNeverUsedAgain() {
    ByteBuf first = receive(LARGE);
    readsAtOnce = false;
    ByteBuf second = receive(LARGE);

    assertThat(second.refCnt()).isEqualTo(1);
    assertThat(first.release() && second.release()).isTrue();
  }

  @Test
  void smallPiecesAndAnotherBodyBeginAnew() {
    ByteBuf first = receive(LARGE);
    ByteBuf small = receive(100);
    pieces.next();
    ByteBuf other = receive(LARGE);

    assertThat(arrived).containsExactly(first, small, other);
    assertThat(first.release() && small.release() && other.release()).isTrue();
  }

  /** Said out of a queue, it says nothing about the next piece. */
  @Test
  void readingLaterIsNotReadingAtOnce() {
    readsAtOnce = false;
    ByteBuf first = receive(LARGE);
    pieces.readAtOnce();
    ByteBuf second = receive(LARGE);

    assertThat(arrived).containsExactly(first, second);
    assertThat(first.release() && second.release()).isTrue();
  }

  private ByteBuf receive(int bytes) {
    ByteBuf memory = PooledByteBufAllocator.DEFAULT.directBuffer(bytes).writeZero(bytes);
    var _ = channel.writeInbound(new DefaultHttpContent(memory));
    return memory;
  }
}
