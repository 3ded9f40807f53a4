package dev.modelserver.server.graph.ranges;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where the columns of a value come from, along its last axis.
 *
 * @param width how many columns it has; -1: not known
 */
record Flow(List<Segment> segments, int width) {

  /**
   * Columns that are those of an input, as they are.
   *
   * @param from the first of them in the input; -1: some of its columns
   * @param at the first of them in the value
   */
  record Segment(String input, int from, int at, int width) {

    Segment somewhere() {
      return new Segment(input, -1, 0, 0);
    }
  }

  static final Flow NOTHING = new Flow(List.of(), -1);

  Flow {
    segments = List.copyOf(segments);
  }

  static Flow of(String input, int width) {
    return width < 1
        ? new Flow(List.of(new Segment(input, -1, 0, 0)), -1)
        : new Flow(List.of(new Segment(input, 0, 0, width)), width);
  }

  boolean isNothing() {
    return segments.isEmpty();
  }

  /** The same columns in another order. */
  Flow shuffled() {
    return width == 1 || isNothing()
        ? this
        : new Flow(segments.stream().map(Segment::somewhere).distinct().toList(), -1);
  }

  /** This number of columns, from the first on. */
  Flow part(int first, int count) {
    if (width < 0 || first < 0 || count < 0) {
      return shuffled();
    }
    List<Segment> kept = new ArrayList<>();
    for (Segment segment : segments) {
      int start = Math.max(first, segment.at);
      int end = Math.min(first + count, segment.at + segment.width);
      if (segment.from < 0) {
        kept.add(segment);
      } else if (start < end) {
        kept.add(
            new Segment(
                segment.input, segment.from + start - segment.at, start - first, end - start));
      }
    }
    return new Flow(kept, count);
  }

  /** The columns of several values, one behind the other. */
  static Flow joined(List<Flow> parts) {
    if (parts.stream().anyMatch(part -> part.width < 0)) {
      return new Flow(
          parts.stream()
              .flatMap(part -> part.segments.stream())
              .map(Segment::somewhere)
              .distinct()
              .toList(),
          -1);
    }
    Stream.Builder<Segment> all = Stream.builder();
    int at = 0;
    for (Flow part : parts) {
      for (Segment segment : part.segments) {
        all.add(new Segment(segment.input, segment.from, segment.at + at, segment.width));
      }
      at += part.width;
    }
    return new Flow(all.build().toList(), at);
  }
}
