package dev.modelserver.server.predict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.server.failure.RequestException;
import dev.modelserver.server.model.Signature;
import dev.modelserver.server.model.TensorSpec;
import dev.modelserver.server.tensor.DataType;
import dev.modelserver.server.tensor.Shape;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The scanner gives what the parser gives, or leaves it to the parser. */
class FeatureScannerTest {

  private static final int CASES = 20_000;
  private static final int WIDTH = 3;

  @ParameterizedTest
  @EnumSource(names = {"FP32", "FP64", "INT32", "INT64"})
  void readsWhatTheParserReads(DataType type) {
    InputLayout layout = layout(type);
    FeatureScanner scanner = Objects.requireNonNull(FeatureScanner.of(layout));
    Random random = new Random(4);
    int scanned = 0;
    for (int i = 0; i < CASES; i++) {
      byte[] body = body(random, type);
      // bytes after the end are somebody else's
      byte[] room = Arrays.copyOf(body, body.length + random.nextInt(20));
      Features quick = scanner.scan(room, body.length);
      if (quick != null) {
        scanned++;
        assertThat(quick)
            .as(new String(body, StandardCharsets.ISO_8859_1))
            .isEqualTo(parsed(layout, body));
      }
    }
    // some are spoilt on purpose, and integers are spoilt by fractions
    assertThat(scanned).isGreaterThan(CASES / 20);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"features\":[1,2,3]}|true",
        " { \"features\" : [ [ 1 , -2.5e0 , 3 ] , [4,5,6] ] } |true",
        "{\"features\":[5.1,3.5,1.4e-30]}|true",
        "{\"features\":[1,2,3],\"x\":1}|false",
        "{\"features\":[1,2]}|false",
        "{\"features\":[1,2,3,4]}|false",
        "{\"features\":[1,2,1e400]}|false",
        "{\"features\":[1,2,01]}|false",
        "{\"features\":[1,2,NaN]}|false",
        "{\"features\":[1,2,3]}x|false",
        "{\"features\":[[1,2,3],[1,2,3],]}|false",
        "{\"features\":[[1,2,3]|false",
        "{\"features\":[\"1\",2,3]}|false",
        "{\"age\":1}|false",
      })
  void takesOnlyTheUsualForm(String body, boolean usual) {
    FeatureScanner scanner = Objects.requireNonNull(FeatureScanner.of(layout(DataType.FP32)));
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    assertThat(scanner.scan(bytes, bytes.length) != null).isEqualTo(usual);
  }

  private static Features parsed(InputLayout layout, byte[] body) {
    try {
      return FeatureParser.parse(layout, body, body.length);
    } catch (RequestException e) {
      throw new AssertionError(new String(body, StandardCharsets.ISO_8859_1), e);
    }
  }

  private static byte[] body(Random random, DataType type) {
    StringBuilder text = new StringBuilder();
    boolean batch = random.nextBoolean();
    int rows = batch ? 1 + random.nextInt(4) : 1;
    text.append(space(random)).append("{\"features\":").append(batch ? "[" : "");
    for (int row = 0; row < rows; row++) {
      text.append(row == 0 ? "" : ",").append(space(random)).append('[');
      int width = random.nextInt(20) == 0 ? random.nextInt(5) : WIDTH;
      for (int i = 0; i < width; i++) {
        text.append(i == 0 ? "" : ",").append(space(random)).append(number(random, type));
      }
      text.append(space(random)).append(']');
    }
    text.append(batch ? "]" : "").append('}').append(space(random));
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    if (random.nextInt(4) == 0) {
      bytes[random.nextInt(bytes.length)] =
          (byte) "{}[],.:-+eE019\" x\u007f".charAt(random.nextInt(18));
    }
    return bytes;
  }

  private static String number(Random random, DataType type) {
    return switch (random.nextInt(type.isInteger() ? 4 : 10)) {
      case 0 -> Integer.toString(random.nextInt(100));
      case 1 -> Integer.toString(random.nextInt());
      case 2 -> Long.toString(random.nextLong() >> random.nextInt(64));
      case 3 -> type.isInteger() ? "0" : "-0";
      case 4 -> Float.toString(random.nextFloat() * 10);
      case 5 -> Double.toString(random.nextGaussian() * 1e3);
      case 6 -> Double.toString(Double.longBitsToDouble(random.nextLong())).replace("NaN", "1");
      case 7 -> Float.toString(Float.intBitsToFloat(random.nextInt())).replace("NaN", "1");
      case 8 -> random.nextInt(1000) + "." + random.nextLong(1L << 62) + random.nextLong(1L << 62);
      default -> random.nextInt(10) + "E" + (random.nextInt(60) - 30);
    };
  }

  private static String space(Random random) {
    return random.nextInt(10) == 0 ? " \n\t\r".substring(random.nextInt(4)) : "";
  }

  private static InputLayout layout(DataType type) {
    return InputLayout.of(
        new Signature(
            List.of(new TensorSpec("x", type, Shape.of(Shape.ANY, WIDTH))), List.of(), List.of()),
        List.of());
  }
}
