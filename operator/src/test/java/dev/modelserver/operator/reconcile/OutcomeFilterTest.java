package dev.modelserver.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.javaoperatorsdk.operator.OperatorException;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

/** What the framework logs of a pass that could not write everything. */
class OutcomeFilterTest {
  private final OutcomeFilter filter = new OutcomeFilter();

  @Test
  void leavesOutWhatTheReconcilerHasTold() {
    NotYet outcome = new NotYet("Service iris could not be written");

    assertThat(filter.isLoggable(line(outcome))).isFalse();
    assertThat(filter.isLoggable(line(new OperatorException(outcome)))).isFalse();
  }

  @Test
  void keepsEverythingElse() {
    assertThat(filter.isLoggable(line(new IllegalStateException("a defect")))).isTrue();
    assertThat(filter.isLoggable(new LogRecord(Level.INFO, "no exception"))).isTrue();
  }

  private static LogRecord line(Throwable thrown) {
    LogRecord line = new LogRecord(Level.WARNING, "Uncaught error during event processing");
    line.setThrown(thrown);
    return line;
  }
}
