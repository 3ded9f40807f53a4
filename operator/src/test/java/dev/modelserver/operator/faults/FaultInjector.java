package dev.modelserver.operator.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Makes one {@link Fault}, and counts writes and watch events on the way. */
final class FaultInjector implements Interference {
  private final Fault fault;
  private final Runnable crash;
  private final List<String> writes = new ArrayList<>();
  private final List<String> events = new ArrayList<>();
  private volatile boolean fired;
  private volatile @Nullable Write victim;
  private volatile OptionalLong before = OptionalLong.empty();

  /**
   * An injector.
   *
   * @param crash kills the operator and starts it again
   */
  FaultInjector(Fault fault, Runnable crash) {
    this.fault = fault;
    this.crash = crash;
  }

  @Override
  public boolean reaches(Write write) {
    if (!due(writes, write.toString(), fault.kind().onWrites())) {
      return true;
    }
    return switch (fault.kind()) {
      case KILL_BEFORE_WRITE -> {
        crash.run();
        yield false;
      }
      case LOSE_REQUEST -> false;
      default -> {
        victim = write.answered(0);
        yield true;
      }
    };
  }

  @Override
  public boolean answers(Write write) {
    if (!write.answered(0).equals(victim)) {
      return true;
    }
    victim = null;
    if (fault.kind() == Fault.Kind.KILL_AFTER_WRITE) {
      crash.run();
    }
    return false;
  }

  @Override
  public Delivery deliver(WatchEvent event) {
    if (!due(events, event.resource(), fault.kind().onEvents())) {
      return Delivery.ONCE;
    }
    return switch (fault.kind()) {
      case SWALLOW_EVENT -> Delivery.NEVER;
      case REPEAT_EVENT -> Delivery.TWICE;
      case DELAY_EVENT -> Delivery.LATE;
      case CUT_WATCH -> Delivery.CUT;
      case EXPIRE_WATCH -> Delivery.EXPIRED;
      case OLD_VIEW -> {
        before = OptionalLong.of(event.version() - 1);
        yield Delivery.ONCE;
      }
      default -> Delivery.ONCE;
    };
  }

  private synchronized boolean due(List<String> seen, String what, boolean counted) {
    seen.add(what);
    if (!counted || fired || seen.size() != fault.at()) {
      return false;
    }
    fired = true;
    return true;
  }

  /** Whether the fault happened: a run may have fewer writes or events than another. */
  boolean fired() {
    return fired;
  }

  /** The resource version that an old view shows. */
  OptionalLong before() {
    return before;
  }

  synchronized int writes() {
    return writes.size();
  }

  synchronized int events() {
    return events.size();
  }
}
