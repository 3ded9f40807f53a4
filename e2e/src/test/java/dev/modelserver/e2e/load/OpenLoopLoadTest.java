package dev.modelserver.e2e.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** The load must count whatever a server does wrong: these servers do it on purpose. */
class OpenLoopLoadTest {
  private static final Duration TIMEOUT = Duration.ofMillis(500);
  private static final List<Connections> BOTH = List.of(Connections.KEEP_ALIVE, Connections.NEW);

  @Test
  void everyRightAnswerIsCounted() throws IOException {
    try (FaultyServer server = FaultyServer.start(call -> FaultyServer.Fault.NONE)) {
      LoadResult result = run(server.uri(), 60, BOTH);

      assertThat(result.failures()).isEmpty();
      assertThat(result.succeeded()).isEqualTo(result.sent()).isEqualTo(server.calls());
      assertThat(result.byConnections().keySet())
          .containsExactly(Connections.KEEP_ALIVE, Connections.NEW);
      assertThat(result.byDigest()).containsExactly(Map.entry("sha256:good", result.sent()));
      assertThat(server.connections())
          .as("half of the calls share pooled connections")
          .isLessThan(result.sent())
          .isGreaterThanOrEqualTo(result.sent() / 2);
    }
  }

  @Test
  void chunkedAnswersAreRead() throws IOException {
    try (FaultyServer server = FaultyServer.start(call -> FaultyServer.Fault.CHUNKED)) {
      assertThat(run(server.uri(), 20, BOTH).failures()).isEmpty();
    }
  }

  @Test
  void resetsAreFailures() throws IOException {
    assertEveryThirdCallFails(FaultyServer.Fault.RESET, "reset");
  }

  @Test
  void connectionsClosedBeforeTheAnswerAreFailures() throws IOException {
    assertEveryThirdCallFails(FaultyServer.Fault.CLOSE_EARLY, "closed before the answer");
  }

  @Test
  void otherStatusesAreFailures() throws IOException {
    assertEveryThirdCallFails(FaultyServer.Fault.STATUS_503, "status 503");
  }

  @Test
  void answersThatTheCheckRefusesAreFailures() throws IOException {
    assertEveryThirdCallFails(FaultyServer.Fault.WRONG_DIGEST, "answered by sha256:wrong");
  }

  @Test
  void timeoutsAreFailures() throws IOException {
    assertEveryThirdCallFails(FaultyServer.Fault.NO_ANSWER, "SocketTimeoutException");
  }

  @Test
  void refusedConnectionsAreFailures() throws IOException {
    FaultyServer server = FaultyServer.start(call -> FaultyServer.Fault.NONE);
    server.close();

    LoadResult result = run(server.uri(), 20, BOTH);

    assertThat(result.failures()).hasSize(result.sent());
    assertThat(result.failures())
        .allSatisfy(
            // a port that was given up a moment ago may also reset the connection
            failure -> assertThat(failure.text()).containsAnyOf("ConnectException", "reset"));
  }

  @Test
  void connectionsClosedWhileIdleAreReplacedAndNotFailures() throws IOException {
    try (FaultyServer server = FaultyServer.start(call -> FaultyServer.Fault.CLOSE_AFTER)) {
      LoadResult result = run(server.uri(), 30, List.of(Connections.KEEP_ALIVE));

      assertThat(result.failures()).isEmpty();
      assertThat(server.connections()).isEqualTo(result.sent());
    }
  }

  @Test
  void callsArriveWhileEarlierOnesWait() throws IOException {
    try (FaultyServer server = FaultyServer.start(call -> FaultyServer.Fault.NO_ANSWER)) {
      LoadResult result = run(server.uri(), 50, BOTH);

      assertThat(server.mostWaiting()).as("calls waiting at the same time").isGreaterThan(20);
      assertThat(result.failures()).hasSize(result.sent());
    }
  }

  private static void assertEveryThirdCallFails(FaultyServer.Fault fault, String text)
      throws IOException {
    try (FaultyServer server =
        FaultyServer.start(call -> call % 3 == 0 ? fault : FaultyServer.Fault.NONE)) {
      LoadResult result = run(server.uri(), 60, BOTH);

      assertThat(result.failures()).hasSize(result.sent() / 3);
      assertThat(result.failures())
          .allSatisfy(failure -> assertThat(failure.text()).containsIgnoringCase(text));
      assertThat(result.succeeded() + result.failures().size()).isEqualTo(result.sent());
    }
  }

  /** Sends at least that many calls. */
  private static LoadResult run(URI uri, int calls, List<Connections> mix) {
    Function<HttpAnswer, Optional<String>> check =
        answer ->
            answer
                .header("x-model-digest")
                .filter(digest -> !digest.equals("sha256:good"))
                .map(digest -> "answered by " + digest);
    OpenLoopLoad load =
        OpenLoopLoad.start(new OpenLoopLoad.Plan(uri, "{}", 150, TIMEOUT, mix, check));
    await().until(() -> load.sent() >= calls);
    return load.stop();
  }
}
