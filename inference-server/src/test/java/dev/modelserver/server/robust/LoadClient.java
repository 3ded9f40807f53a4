package dev.modelserver.server.robust;

import static org.awaitility.Awaitility.await;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseDecoder;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Sends one request over many kept connections from a single thread, cheaply enough to share two
 * cores with the server. Nothing is retried: a connection that the server closes is a failure.
 */
final class LoadClient implements AutoCloseable {

  private static final int MAX_ANSWER_BYTES = 1 << 20;
  private static final int SHOWN_FAILURES = 20;

  /**
   * An answer that was as it must be.
   *
   * @param due when the request was to be sent ({@link System#nanoTime()})
   */
  record Answer(int status, long due, long done) {
    long nanos() {
      return done - due;
    }
  }

  private final EventLoopGroup thread = new NioEventLoopGroup(1);
  private final ByteBuf request;
  private final Function<FullHttpResponse, String> problem;
  private final List<Connection> connections = new ArrayList<>();

  // only used on the thread
  private final Deque<Connection> free = new ArrayDeque<>();
  private final Deque<Long> backlog = new ArrayDeque<>();
  private final List<String> failures = new ArrayList<>();
  private List<Answer> answers = new ArrayList<>();
  private long failed;
  private long next;
  private boolean repeating;
  private boolean closing;

  /**
   * Connects.
   *
   * @param problem what is wrong with an answer; empty for nothing
   */
  LoadClient(int port, int count, byte[] request, Function<FullHttpResponse, String> problem) {
    this.request = Unpooled.unreleasableBuffer(Unpooled.directBuffer().writeBytes(request));
    this.problem = problem;
    Bootstrap bootstrap =
        new Bootstrap()
            .group(thread)
            .channel(NioSocketChannel.class)
            .handler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel channel) {
                    channel
                        .pipeline()
                        .addLast(
                            new HttpResponseDecoder(),
                            new HttpObjectAggregator(MAX_ANSWER_BYTES),
                            new Connection(channel));
                  }
                });
    for (int i = 0; i < count; i++) {
      Channel channel =
          bootstrap.connect(InetAddress.getLoopbackAddress(), port).syncUninterruptibly().channel();
      connections.add(channel.pipeline().get(Connection.class));
    }
    free.addAll(connections);
  }

  /** Each of some connections sends the next request when it has its answer, for so long. */
  List<Answer> closedLoop(int count, Duration time) throws InterruptedException {
    call(
        () -> {
          repeating = true;
          for (int i = 0; i < count; i++) {
            free.removeFirst().send(System.nanoTime());
          }
          return true;
        });
    Thread.sleep(time);
    call(() -> repeating = false);
    return settle();
  }

  /**
   * Sends at a fixed rate, whatever becomes of earlier requests, and returns at the end of the
   * schedule, with requests still under way; {@link #settle} has the answers. A request that finds
   * no free connection waits for one, and its time counts.
   */
  void openLoop(double perSecond, Duration time) throws InterruptedException {
    long start = System.nanoTime();
    Future<?> pacing =
        call(
            () -> {
              next = 0;
              return thread.scheduleAtFixedRate(
                  () -> pace(start, perSecond, time), 0, 1, TimeUnit.MILLISECONDS);
            });
    long left = start + time.toNanos() - System.nanoTime();
    Thread.sleep(Duration.ofNanos(Math.max(0, left)));
    call(
        () -> {
          pace(start, perSecond, time);
          return pacing.cancel(false);
        });
  }

  private void pace(long start, double perSecond, Duration time) {
    long elapsed = Math.min(System.nanoTime() - start, time.toNanos());
    for (; next * 1e9 / perSecond < elapsed; next++) {
      backlog.addLast(start + (long) (next * 1e9 / perSecond));
    }
    while (!backlog.isEmpty() && !free.isEmpty()) {
      free.removeFirst().send(backlog.removeFirst());
    }
  }

  /** Requests that are due and have no answer yet. */
  int unanswered() {
    return call(() -> connections.size() - free.size() + backlog.size() - (int) lost());
  }

  /** Connections that are lost stay out of use. */
  private long lost() {
    return connections.stream().filter(connection -> connection.lost).count();
  }

  /** Waits until every request has its answer; those since the last call. */
  List<Answer> settle() {
    await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> unanswered() == 0);
    return call(
        () -> {
          List<Answer> done = answers;
          answers = new ArrayList<>();
          return done;
        });
  }

  /** Requests without a right answer, in words; the first ones only. */
  List<String> failures() {
    return call(
        () -> {
          List<String> shown = new ArrayList<>(failures);
          if (failed > shown.size()) {
            shown.add(failed + " in all");
          }
          return shown;
        });
  }

  @Override
  public void close() {
    call(() -> closing = true);
    var _ = thread.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
  }

  private <T> T call(Callable<T> task) {
    try {
      return thread.submit(task).get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private void fail(String words) {
    failed++;
    if (failures.size() < SHOWN_FAILURES) {
      failures.add(words);
    }
  }

  private final class Connection extends SimpleChannelInboundHandler<FullHttpResponse> {
    private final Channel channel;
    private long due;
    private boolean lost;

    Connection(Channel channel) {
      this.channel = channel;
    }

    void send(long at) {
      due = at;
      var _ = channel.writeAndFlush(request.duplicate());
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, FullHttpResponse response) {
      long done = System.nanoTime();
      String fault = problem.apply(response);
      if (fault.isEmpty()) {
        answers.add(new Answer(response.status().code(), due, done));
      } else {
        fail(fault);
      }
      if (repeating) {
        send(done);
      } else if (backlog.isEmpty()) {
        free.addLast(this);
      } else {
        send(backlog.removeFirst());
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      if (!closing && !lost) {
        lose("closed by the server");
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      if (!lost) {
        lose(cause.toString());
      }
      var _ = ctx.close();
    }

    private void lose(String words) {
      lost = true;
      var _ = free.remove(this);
      fail(words);
    }
  }
}
