package dev.modelserver.operator.faults;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

/**
 * What a {@link FaultProxy} asks at every write and every watch event; the default lets all
 * through.
 */
public interface Interference {
  /** Lets everything through. */
  Interference NONE = new Interference() {};

  /** Whether a write reaches the API server; if not, its connection ends without an answer. */
  default boolean reaches(Write write) {
    return true;
  }

  /**
   * Whether the answer to a write reaches the operator; if not, its connection ends without one.
   */
  default boolean answers(Write write) {
    return true;
  }

  /** What becomes of a watch event. */
  default Delivery deliver(WatchEvent event) {
    return Delivery.ONCE;
  }

  /** What can become of a watch event. */
  enum Delivery {
    /** It arrives. */
    ONCE,
    /** It never arrives, what comes after it does. */
    NEVER,
    /** It arrives two times. */
    TWICE,
    /** It arrives late, and so does all that comes after it in this watch. */
    LATE,
    /** The connection ends in its place. */
    CUT,
    /** The watch ends in its place with 410 Gone. */
    EXPIRED
  }

  /**
   * An event of a watch.
   *
   * @param resource plural name of the kind
   * @param json one line
   */
  record WatchEvent(String resource, String json) {
    private static final ObjectMapper JSON = new ObjectMapper();

    boolean bookmark() {
      return json.startsWith("{\"type\":\"BOOKMARK\"");
    }

    /** The resource version of its object: when it happened. */
    long version() {
      try {
        return JSON.readTree(json).at("/object/metadata/resourceVersion").asLong();
      } catch (JsonProcessingException e) {
        throw new IllegalStateException(json, e);
      }
    }
  }
}
