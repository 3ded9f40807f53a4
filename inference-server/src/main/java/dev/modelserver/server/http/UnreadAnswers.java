package dev.modelserver.server.http;

import dev.modelserver.server.config.ServerConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Large answers between their making and the moment their client has taken the last byte. Together
 * they have a limit, and each a time: as long as an answer may take to be made, and longer at a
 * minimum rate. Small ones fit into the memory of a socket and are never seen here.
 */
@Singleton
final class UnreadAnswers {

  /** Smaller ones do not count. */
  private static final int MIN_BYTES = 64 << 10;

  private final Vertx vertx;
  private final Duration patience;

  private final MemoryBudget budget;

  /** Within a quarter of the heap. */
  @Inject
  UnreadAnswers(Vertx vertx, ServerConfig config) {
    this(vertx, config.serving().requestTimeout(), Runtime.getRuntime().maxMemory() / 4);
  }

  UnreadAnswers(Vertx vertx, Duration patience, long maxBytes) {
    this.vertx = vertx;
    this.patience = patience;
    this.budget = new MemoryBudget(maxBytes);
  }

  /**
   * Sends an answer, and hangs up on a client that does not take it in time. Call on the request's
   * event loop.
   *
   * @param sending begins to send; ends when the last byte is with the network, or cannot be
   * @return false, and nothing was sent, when there is no room for another
   */
  boolean send(HttpServerRequest request, int bytes, Supplier<Future<Void>> sending) {
    if (bytes < MIN_BYTES) {
      var _ = sending.get();
      return true;
    }
    if (!budget.reserve(counted(bytes))) {
      return false;
    }
    watch(request, bytes, sending.get());
    return true;
  }

  private void watch(HttpServerRequest request, int bytes, Future<Void> sent) {
    long millis = patience.toMillis() + 1000L * bytes / SlowBodies.MIN_BYTES_PER_SECOND;
    long timer = vertx.setTimer(millis, late -> HangUp.on(request));
    var _ =
        sent.onComplete(
            result -> {
              var _ = vertx.cancelTimer(timer);
              budget.giveBack(counted(bytes));
              if (result.failed()) {
                // its head is out: only the end of the connection says that the rest will not come
                HangUp.on(request);
              }
            });
  }

  /** Bytes that are counted now. */
  long held() {
    return budget.reserved();
  }

  /** One that is larger than all together may be is sent when it is the only one. */
  private long counted(int bytes) {
    return Math.min(bytes, budget.limit());
  }
}
