package dev.modelserver.operator.faults;

import java.util.Arrays;
import java.util.Locale;

/**
 * One thing that goes wrong, once.
 *
 * @param kind what
 * @param at at which write or watch event since the script's action began, from 1
 */
record Fault(Kind kind, int at) {
  static final Fault NONE = new Fault(Kind.NONE, 0);

  /** What can go wrong. */
  enum Kind {
    NONE(On.NOTHING),
    /** The operator is killed before the write reaches the API server, and started again. */
    KILL_BEFORE_WRITE(On.WRITE),
    /** The operator is killed when the write is done and before it knows, and started again. */
    KILL_AFTER_WRITE(On.WRITE),
    /** The write is done, but its answer is lost. */
    LOSE_ANSWER(On.WRITE),
    /** The write never arrives, and its connection ends. */
    LOSE_REQUEST(On.WRITE),
    /** The event is left out. */
    SWALLOW_EVENT(On.EVENT),
    /** The event comes two times. */
    REPEAT_EVENT(On.EVENT),
    /** The event and all after it in this watch come late: out of order with other watches. */
    DELAY_EVENT(On.EVENT),
    /** The watch is cut in place of the event. */
    CUT_WATCH(On.EVENT),
    /** The watch ends with 410 Gone in place of the event. */
    EXPIRE_WATCH(On.EVENT),
    /**
     * When all is done the operator is killed, and started again with the view of an API server
     * that lags behind: from before the event, until the operator is at rest.
     */
    OLD_VIEW(On.EVENT);

    private final On on;

    Kind(On on) {
      this.on = on;
    }

    boolean onWrites() {
      return on == On.WRITE;
    }

    boolean onEvents() {
      return on == On.EVENT;
    }

    String id() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Kind of(String id) {
      return Arrays.stream(values()).filter(k -> k.id().equals(id)).findFirst().orElseThrow();
    }
  }

  private enum On {
    NOTHING,
    WRITE,
    EVENT
  }
}
