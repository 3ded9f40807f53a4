package dev.modelserver.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.server.failure.RequestFailure;
import dev.modelserver.server.inference.InferenceFailure;
import dev.modelserver.server.inference.InferenceFailure.Overloaded;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FailureLogTest {

  private final AtomicLong clock = new AtomicLong();
  private final FailureLog log = new FailureLog(clock::get);
  private final List<String> lines = new ArrayList<>();
  private final Logger logger = Logger.getLogger(FailureLog.class.getName());
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord logged) {
          lines.add(logged.getLevel() + " " + logged.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @BeforeEach
  void listen() {
    logger.addHandler(handler);
  }

  @AfterEach
  void leave() {
    logger.removeHandler(handler);
  }

  @Test
  void namesTheRequest() {
    overloaded("abc");

    assertThat(lines)
        .singleElement()
        .asString()
        .startsWith("WARN request abc failed: overloaded: ");
  }

  @Test
  void showsWhatOthersWroteOnOneLine() {
    String hostile = "node \u001b[2J\u009b\u202e\u2028\n" + "n".repeat(50_000);

    log.log(
        FailureAnswer.of(new InferenceFailure.ModelFailed(hostile)),
        "abc",
        new IllegalStateException(),
        Map.of());

    assertThat(lines)
        .singleElement()
        .asString()
        .contains("node \\u001b[2J\\u009b\\u202e\\u2028 nnn")
        .hasSizeLessThan(2200);
  }

  @Test
  void anOverloadIsNotOneOfTheLog() {
    for (int i = 0; i < 1000; i++) {
      overloaded("r" + i);
    }
    assertThat(lines).hasSize(FailureLog.LINES_PER_SECOND);

    clock.addAndGet(TimeUnit.SECONDS.toNanos(1));
    overloaded("last");
    overloaded("after");

    assertThat(lines).hasSize(FailureLog.LINES_PER_SECOND + 2);
    assertThat(lines.get(FailureLog.LINES_PER_SECOND))
        .contains("request last failed")
        .endsWith(" (and 990 before it that were not logged)");
    assertThat(lines.getLast()).contains("request after failed").doesNotContain("not logged");
  }

  @Test
  void oneTypeDoesNotHideAnother() {
    for (int i = 0; i < 1000; i++) {
      overloaded("r" + i);
    }
    IllegalStateException thrown = new IllegalStateException("secret words");
    log.log(FailureAnswer.of(thrown), "x", thrown, Map.of());

    assertThat(lines.getLast()).startsWith("ERROR request x failed: internal: ");
  }

  @Test
  void theCallersOwnMistakesAreNotLogged() {
    assertThat(FailureLog.concerns(FailureAnswer.of(new RequestFailure.UnknownPath()))).isFalse();
    assertThat(FailureLog.concerns(FailureAnswer.of(new Overloaded(1)))).isTrue();
  }

  private void overloaded(String id) {
    log.log(FailureAnswer.of(new Overloaded(1)), id, new IllegalStateException(), Map.of());
  }
}
