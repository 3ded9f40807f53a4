package dev.modelserver.server.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against Java's own parsers, which are exact. */
class NumberReaderTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "-0",
        "0.0",
        "-0.0e-5",
        "1",
        "1.0",
        "10",
        "123456789",
        "0.1",
        "0.12345678",
        "0.1234567890123456",
        "0.8444218635559082",
        "3.4028235e38",
        "3.4028235677973366e38",
        "3.4028236e38",
        "1e39",
        "-1e400",
        "1.4e-45",
        "7e-46",
        "7.006492321624085e-46",
        "7.0064923216240853e-46",
        "1.17549435e-38",
        "1.1754943e-38",
        "1.0e-400",
        "16777217",
        "16777217.0000000001",
        "9007199791611905",
        "9007199254740993",
        "8.589973e9",
        "1.00000017881393421514957253748434595763683319091796875001",
        "1.00000017881393432617187499",
        "0.000000000000000000000000012345",
        "123456789012345678901234567890",
        "1.7976931348623157e308",
        "1.7976931348623159e308",
        "4.9e-324",
        "2.4703282292062327208e-324",
        "1e22",
        "1e23",
        "1E+5",
        "1e-5",
        "1e00005",
        "999999999999999999",
        "-999999999999999999",
      })
  void readsTheNearestValue(String text) {
    NumberReader reader = reader(text + ",");

    assertThat(reader.next()).isTrue();
    assertThat(reader.position()).isEqualTo(text.length());
    assertThat(reader.asFloat()).isEqualTo(Float.parseFloat(text));
    assertThat(reader.asDouble()).isEqualTo(Double.parseDouble(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "-", "+1", "01", "-01", "00", ".5", "5.", "5.e1", "1e", "1e+", "e5", "NaN", "x",
        "\"1\"", "-a", "0x10", "١"
      })
  void readsNothingElse(String text) {
    NumberReader reader = reader(text + ",");

    assertThat(reader.next() && reader.position() == text.getBytes(StandardCharsets.UTF_8).length)
        .isFalse();
  }

  @Test
  void readsUpToTheEndAndNothingTooLong() {
    assertThat(reader("1." + "0".repeat(98) + ",").next()).isTrue();
    assertThat(reader("1." + "0".repeat(99) + ",").next()).isFalse();
    assertThat(reader("12").next()).isTrue();
    assertThat(reader("12.").next()).isFalse();
    assertThat(reader("1e").next()).isFalse();
  }

  @Test
  void neverReadsBeyondItsEnd() {
    byte[] bytes = "0.12345678".getBytes(StandardCharsets.UTF_8);
    NumberReader reader = new NumberReader(bytes, 0, 4);

    assertThat(reader.next()).isTrue();
    assertThat(reader.asDouble()).isEqualTo(0.12);
  }

  @Test
  void tellsWholeNumbers() {
    assertThat(read("-42").isLong()).isTrue();
    assertThat(read("-42").asLong()).isEqualTo(-42);
    assertThat(read("999999999999999999").asLong()).isEqualTo(999_999_999_999_999_999L);
    assertThat(read("1000000000000000000").isLong()).isFalse();
    assertThat(read("1.0").isLong()).isFalse();
    assertThat(read("1e3").isLong()).isFalse();
  }

  @Property(tries = 20_000)
  void anyDecimal(@ForAll("decimals") String text) {
    NumberReader reader = read(text);

    assertThat(reader.asFloat()).isEqualTo(Float.parseFloat(text));
    assertThat(reader.asDouble()).isEqualTo(Double.parseDouble(text));
  }

  /** As Python and JavaScript write a float: all the digits of the double of the same value. */
  @Property(tries = 20_000)
  void anyFloatAsDouble(@ForAll int bits) {
    float value = Float.intBitsToFloat(bits);
    if (Float.isFinite(value)) {
      assertThat(read(Double.toString(value)).asFloat()).isEqualTo(value);
      assertThat(read(Float.toString(value)).asFloat()).isEqualTo(value);
    }
  }

  /** In the middle of two floats, and as little beside it as can be written. */
  @Property(tries = 20_000)
  void anyMiddle(@ForAll int bits, @ForAll boolean above) {
    float value = Math.abs(Float.intBitsToFloat(bits));
    if (Float.isFinite(Math.nextUp(value))) {
      BigDecimal middle =
          new BigDecimal(value).add(new BigDecimal(Math.nextUp(value))).divide(BigDecimal.TWO);
      String exact = middle.toString();
      String beside =
          middle
              .add(
                  BigDecimal.ONE
                      .movePointLeft(middle.scale() + 1)
                      .multiply(BigDecimal.valueOf(above ? 1 : -1)))
              .toString();
      for (String text : new String[] {exact, beside}) {
        if (text.length() <= 100) {
          assertThat(read(text).asFloat()).as(text).isEqualTo(Float.parseFloat(text));
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "-0.0e99999999999, 0",
    "65.0, 65",
    "-6.5e1, 65",
    "9007199254740993.0, 9007199254740993",
    "9223372036854775808, 9223372036854775808",
    "18446744073709551615, 18446744073709551615",
    "18446744073709551615.000, 18446744073709551615",
    "1e19, 10000000000000000000",
    "18446744073709551616, ",
    "19999999999999999999, ",
    "28446744073709551615, ",
    "100000000000000000000, ",
    "1e20, ",
    "1e400, ",
    "1e9999999999999999999, ",
    "1e-9999999999999999999, ",
    "1e-400, ",
    "0.99999999999999999999, ",
    "65.5, "
  })
  void tellsIntegersOfAnyNotation(String text, @Nullable String magnitude) {
    NumberReader reader = read(text);

    assertThat(reader.isWhole()).isEqualTo(magnitude != null);
    if (magnitude != null) {
      assertThat(Long.toUnsignedString(reader.magnitude())).isEqualTo(magnitude);
    }
  }

  @Property(tries = 20_000)
  void anyHalf(@ForAll short bits, @ForAll("sides") int side, @ForAll boolean brain) {
    short positive = (short) (bits & 0x7FFF);
    BigDecimal low = decimal(positive, brain);
    BigDecimal high = decimal((short) (positive + 1), brain);
    if (low != null && high != null) {
      BigDecimal middle = low.add(high).divide(BigDecimal.TWO);
      String text = middle.add(BigDecimal.valueOf(side, middle.scale() + 20)).toString();
      if (text.length() <= 100) {
        int even = (positive & 1) == 0 ? positive : positive + 1;
        int nearest = side < 0 ? positive : side > 0 ? positive + 1 : even;
        NumberReader reader = read(text);
        short read = brain ? reader.asBfloat16() : reader.asFloat16();
        assertThat(read).as(text).isEqualTo((short) nearest);
      }
    }
  }

  private static @Nullable BigDecimal decimal(short bits, boolean brain) {
    float value = brain ? Float.intBitsToFloat(bits << 16) : Float.float16ToFloat(bits);
    return Float.isFinite(value) && bits >= 0 ? new BigDecimal(value) : null;
  }

  @Provide
  Arbitrary<Integer> sides() {
    return Arbitraries.integers().between(-1, 1);
  }

  @Property
  void anyLong(@ForAll long value) {
    NumberReader reader = read(Long.toString(value));

    assertThat(!reader.isLong() || reader.asLong() == value).isTrue();
    assertThat(reader.isWhole()).isTrue();
    assertThat(reader.isNegative() ? -reader.magnitude() : reader.magnitude()).isEqualTo(value);
    assertThat(reader.isLong()).isEqualTo(Math.abs((double) value) < 1e18);
  }

  @Provide
  Arbitrary<String> decimals() {
    Arbitrary<String> digits =
        Arbitraries.strings().numeric().ofMinLength(1).ofMaxLength(24).map(NumberReaderTest::trim);
    Arbitrary<String> fraction =
        Arbitraries.strings().numeric().ofMinLength(1).ofMaxLength(24).injectNull(0.3);
    Arbitrary<Integer> exponent = Arbitraries.integers().between(-330, 310).injectNull(0.4);
    return Combinators.combine(Arbitraries.of("", "-"), digits, fraction, exponent)
        .as(
            (sign, whole, part, power) ->
                sign
                    + whole
                    + (part == null ? "" : "." + part)
                    + (power == null ? "" : "e" + power));
  }

  private static String trim(String digits) {
    String trimmed = digits.replaceFirst("^0+", "");
    return trimmed.isEmpty() ? "0" : trimmed;
  }

  private static NumberReader read(String text) {
    NumberReader reader = reader(text + "]");
    assertThat(reader.next()).as(text).isTrue();
    return reader;
  }

  private static NumberReader reader(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return new NumberReader(bytes, 0, bytes.length);
  }
}
