package dev.modelserver.server.inference;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * The requests that one event loop read in its current turn: they run at the end of it, together,
 * on the loop itself. For models so cheap that handing them to another thread would cost more than
 * they do. Used by one thread.
 */
final class LoopBatch {

  private final BatchRunner runner;
  private final int maxRows;
  private List<Pending> waiting = new ArrayList<>();
  private int rows;
  private boolean scheduled;

  LoopBatch(BatchRunner runner) {
    this.runner = runner;
    this.maxRows = runner.maxRows();
  }

  /**
   * Adds a request.
   *
   * @param turn runs a task at the end of the loop's turn, on this thread
   */
  void add(Pending pending, Executor turn) {
    if (!waiting.isEmpty() && !pending.joins(waiting.getFirst(), rows, maxRows)) {
      flush();
    }
    waiting.add(pending);
    rows += pending.rows();
    if (!scheduled) {
      scheduled = true;
      turn.execute(this::endTurn);
    }
  }

  private void endTurn() {
    scheduled = false;
    flush();
  }

  private void flush() {
    if (!waiting.isEmpty()) {
      List<Pending> batch = waiting;
      waiting = new ArrayList<>(batch.size());
      rows = 0;
      runner.run(batch, null);
    }
  }
}
