package dev.modelserver.server.graph.ranges;

import static dev.modelserver.server.graph.ranges.ColumnRange.keys;
import static dev.modelserver.server.graph.ranges.ColumnRange.points;
import static dev.modelserver.server.graph.ranges.ColumnRange.wholeNumbers;
import static dev.modelserver.server.graph.ranges.ColumnRange.words;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ColumnRangeTest {

  @Test
  void wholeNumbersOfBoth() {
    assertThat(wholeNumbers(0, 9).and(wholeNumbers(3, 20))).isEqualTo(wholeNumbers(3, 9));
    assertThat(wholeNumbers(3, 9).and(ColumnRange.ANY)).isEqualTo(wholeNumbers(3, 9));
    assertThat(ColumnRange.ANY.and(wholeNumbers(3, 9))).isEqualTo(wholeNumbers(3, 9));
    assertThat(wholeNumbers(0, 2).and(wholeNumbers(5, 9)).hasWholeNumbers()).isFalse();
    assertThat(wholeNumbers(4, 4).hasWholeNumbers()).isTrue();
    assertThat(ColumnRange.ANY.hasWholeNumbers()).isFalse();
  }

  @Test
  void categoriesOfBothOrElseOfTheFirst() {
    assertThat(keys(List.of(1L, 2L, 3L)).and(keys(List.of(3L, 2L, 9L))))
        .isEqualTo(keys(List.of(2L, 3L)));
    assertThat(keys(List.of(1L)).and(keys(List.of(2L)))).isEqualTo(keys(List.of(1L)));
    assertThat(words(List.of("a", "b")).and(words(List.of("b")))).isEqualTo(words(List.of("b")));
    assertThat(ColumnRange.ANY.and(words(List.of("b")))).isEqualTo(words(List.of("b")));
  }

  @Test
  void pointsOfEitherOnce() {
    assertThat(points(List.of(2.0, 1.0)).and(points(List.of(1.0, 3.0))))
        .isEqualTo(points(List.of(2.0, 1.0, 3.0)));
  }

  @Test
  void keepsAThousandValues() {
    assertThat(keys(Collections.nCopies(1001, 7L)).keys()).hasSize(1000);
    assertThat(words(Collections.nCopies(1001, "a")).words()).hasSize(1000);
    assertThat(points(Collections.nCopies(1001, 0.5)).points()).hasSize(1000);
  }

  @Test
  void aColumnHasWhatHoldsForAllToo() {
    InputRange range =
        new InputRange(wholeNumbers(0, 9), Map.of(1, wholeNumbers(5, 20), 2, keys(List.of(3L))));

    assertThat(range.column(0)).isEqualTo(wholeNumbers(0, 9));
    assertThat(range.column(1)).isEqualTo(wholeNumbers(5, 9));
    assertThat(range.column(2)).isEqualTo(new ColumnRange(0, 9, List.of(3L), List.of(), List.of()));
  }
}
