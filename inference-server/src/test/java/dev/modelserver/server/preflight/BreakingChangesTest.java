package dev.modelserver.server.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.server.model.Signature;
import dev.modelserver.server.model.TensorSpec;
import dev.modelserver.server.tensor.DataType;
import dev.modelserver.server.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What breaks a client of a signature, and what does not. */
class BreakingChangesTest {

  private static final String BEFORE =
      "X FP32 -1x4, N FP32 2x3 > label INT64 -1, p FP32 -1x3 > a b";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "X FP32 -1x4, N FP32 2x3 > label INT64 -1, p FP32 -1x3 > a b",
        "N FP32 2x3, X FP32 -1x4 > p FP32 -1x3, label INT64 -1 > a b",
        "X FP32 -1x-1, N FP32 -1x3 > label INT64 -1, p FP32 -1x3 > a b",
        "X FP32 -1x4, N FP32 2x3 > label INT64 -1, p FP32 -1x-1, more FP32 -1 > a b",
        "X FP32 -1x4, N FP32 2x3 > label INT64 1, p FP32 1x3 > a b",
      })
  void compatible(String after) {
    assertThat(BreakingChanges.between(signature(BEFORE), signature(after))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "N FP32 2x3 > label INT64 -1, p FP32 -1x3 > a b | input \"X\" is gone",
        "X FP32 -1x4, N FP32 2x3, Y FP32 1 > label INT64 -1, p FP32 -1x3 > a b | input \"Y\" FP32[1] is new and required",
        "X FP64 -1x4, N FP32 2x3 > label INT64 -1, p FP32 -1x3 > a b | input \"X\" has type FP64 instead of FP32",
        "X FP32 -1x5, N FP32 2x3 > label INT64 -1, p FP32 -1x3 > a b | input \"X\" has shape [?,5] instead of [?,4]",
        "X FP32 1x4, N FP32 2x3 > label INT64 -1, p FP32 -1x3 > a b | input \"X\" has shape [1,4] instead of [?,4]",
        "X FP32 -1, N FP32 2x3 > label INT64 -1, p FP32 -1x3 > a b | input \"X\" has shape [?] instead of [?,4]",
        "X FP32 -1x4, N FP32 2x3 > p FP32 -1x3 > a b | output \"label\" is gone",
        "X FP32 -1x4, N FP32 2x3 > label BYTES -1, p FP32 -1x3 > a b | output \"label\" has type BYTES instead of INT64",
        "X FP32 -1x4, N FP32 2x3 > label INT64 -1, p FP32 -1x4 > a b | output \"p\" has shape [?,4] instead of [?,3]",
        "X FP32 -1x4, N FP32 2x3 > label INT64 -1x1, p FP32 -1x3 > a b | output \"label\" has shape [?,1] instead of [?]",
        "X FP32 -1x4, N FP32 2x3 > label INT64 -1, p FP32 -1x3 > a c | the class labels are [a, c] instead of [a, b]",
        "X FP32 -1x4, N FP32 2x3 > label INT64 -1, p FP32 -1x3 > b a | the class labels are [b, a] instead of [a, b]",
        "X FP32 -1x4, N FP32 2x3 > label INT64 -1, p FP32 -1x3 | the class labels are unnamed instead of [a, b]",
      })
  void breaking(String after, String words) {
    assertThat(BreakingChanges.between(signature(BEFORE), signature(after))).containsExactly(words);
  }

  @Test
  void tellsEverything() {
    assertThat(
            BreakingChanges.between(
                signature(BEFORE), signature("Z FP32 -1x4 > label BYTES -1x1 > c")))
        .hasSize(7);
  }

  @Test
  void anInputWithADefaultMayComeAndMayNotGo() {
    List<TensorSpec> x = specs("X FP32 -1x4");
    List<TensorSpec> t = specs("T FP32 1");
    Signature none = new Signature(x, List.of(), List.of(), List.of());
    Signature optional = new Signature(x, t, List.of(), List.of());
    Signature required = signature("X FP32 -1x4, T FP32 1 > y FP32 -1");

    assertThat(BreakingChanges.between(none, optional)).isEmpty();
    assertThat(BreakingChanges.between(optional, none)).containsExactly("input \"T\" is gone");
    assertThat(BreakingChanges.between(optional, required))
        .containsExactly("input \"T\" has no default any more");
    assertThat(BreakingChanges.between(required, optional)).containsExactly("output \"y\" is gone");
    assertThat(SignatureText.decode(SignatureText.encode(optional))).isEqualTo(optional);
  }

  /** The report of an older server, which did not read weights, said any width. */
  @Test
  void aWidthThatTheWeightsTellIsNoNewLimit() {
    TensorSpec any = new TensorSpec("X", DataType.FP32, Shape.of(-1, -1));
    assertThat(BreakingChanges.between(of(any), of(any.withWidth(4)))).isEmpty();
    assertThat(BreakingChanges.between(of(any), of(any.withLeastWidth(4)))).isEmpty();
    assertThat(BreakingChanges.between(of(any.withWidth(4)), of(any.withWidth(5))))
        .containsExactly("input \"X\" has shape [?,5] instead of [?,4]");
    assertThat(BreakingChanges.between(of(any), signature("X FP32 -1x4 > y FP32 -1")))
        .contains("input \"X\" has shape [?,4] instead of [?,?]");
  }

  private static Signature of(TensorSpec input) {
    return new Signature(List.of(input), List.of(), List.of());
  }

  @Test
  void survivesTheContract() {
    Signature signature = signature(BEFORE);

    assertThat(SignatureText.decode(SignatureText.encode(signature))).isEqualTo(signature);
  }

  /** {@code name TYPE SIZExSIZE, … > outputs > labels}. */
  private static Signature signature(String text) {
    String[] parts = text.split(">");
    return new Signature(
        specs(parts[0]),
        specs(parts[1]),
        parts.length < 3 ? List.of() : List.of(parts[2].strip().split(" ")));
  }

  private static List<TensorSpec> specs(String text) {
    return Arrays.stream(text.split(","))
        .map(String::strip)
        .map(spec -> spec.split(" "))
        .map(
            words ->
                new TensorSpec(
                    words[0],
                    DataType.valueOf(words[1]),
                    Shape.of(
                        Arrays.stream(words[2].split("x")).mapToLong(Long::parseLong).toArray())))
        .toList();
  }
}
