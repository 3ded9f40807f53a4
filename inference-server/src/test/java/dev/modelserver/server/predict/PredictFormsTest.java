package dev.modelserver.server.predict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.server.failure.RequestException;
import dev.modelserver.server.model.RowAxes;
import dev.modelserver.server.model.Signature;
import dev.modelserver.server.model.TensorSpec;
import dev.modelserver.server.rows.InputLayout;
import dev.modelserver.server.rows.Rows;
import dev.modelserver.server.tensor.DataType;
import dev.modelserver.server.tensor.NumericTensor;
import dev.modelserver.server.tensor.Shape;
import dev.modelserver.server.tensor.StringTensor;
import dev.modelserver.server.tensor.Tensor;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One table of values in every form is the same table; what is spoilt is refused, or a table. */
class PredictFormsTest {

  private static final int CASES = 4_000;
  private static final int WIDTH = 3;
  private static final List<String> NAMES = List.of("a", "\u00e9\uD83C\uDF4E", "c c");

  /** Ways to write rows. */
  private enum Form {
    ROWS("%s"),
    FEATURES("{\"features\":%s}"),
    INSTANCES("{\"instances\":%s}"),
    DATA("{ \"data\" : %s }"),
    INPUT("{\"x\":%s}"),
    RECORDS("%s"),
    RECORDS_UNDER_A_KEY("{\"patients\":%s}"),
    COLUMNS("%s"),
    COLUMNS_UNDER_A_KEY("{\"patients\":%s}");

    private final String text;

    Form(String text) {
      this.text = text;
    }

    boolean named() {
      return this == RECORDS || this == RECORDS_UNDER_A_KEY;
    }

    boolean byColumn() {
      return this == COLUMNS || this == COLUMNS_UNDER_A_KEY;
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"FP16", "BF16"})
  void everyFormIsTheSameTable(DataType type) throws RequestException {
    InputLayout layout =
        InputLayout.of(
            new Signature(
                List.of(new TensorSpec("x", type, Shape.of(Shape.ANY, WIDTH))),
                List.of(),
                List.of()),
            NAMES,
            RowAxes.NONE);
    Random random = new Random(type.name().hashCode());
    int spoilt = 0;
    for (int i = 0; i < CASES; i++) {
      Form form = Form.values()[i % Form.values().length];
      int rows = 1 + random.nextInt(4);
      List<String> values =
          IntStream.range(0, rows * WIDTH).mapToObj(_ -> value(random, type)).toList();
      String body = body(form, rows, values, random);
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      // Bytes beyond the length belong to another request.
      byte[] room = Arrays.copyOf(bytes, bytes.length + random.nextInt(18));
      Rows read = PredictBody.read(layout, room, bytes.length);
      assertThat(read.count()).as(body).isEqualTo(rows);
      Tensor tensor = Objects.requireNonNull(read.inputs().get("x"));
      assertThat(tensor.shape()).as(body).isEqualTo(Shape.of(rows, WIDTH));
      for (int k = 0; k < values.size(); k++) {
        assertThat(bits(tensor, k))
            .as("%s of %s", values.get(k), body)
            .isEqualTo(bits(type, values.get(k)));
      }
      spoilt += spoil(layout, bytes, random) ? 1 : 0;
    }
    assertThat(spoilt).isGreaterThan(CASES / 4);
  }

  /** Whether the body with another byte is refused; if not, it is a table all the same. */
  private static boolean spoil(InputLayout layout, byte[] bytes, Random random) {
    byte[] other = bytes.clone();
    other[random.nextInt(other.length)] =
        (byte) "{}[],:\"0-.eN \\u\u007f\u0080\u00f0".charAt(random.nextInt(18));
    try {
      Rows read = PredictBody.read(layout, other, other.length);
      assertThat(Objects.requireNonNull(read.inputs().get("x")).shape())
          .isEqualTo(Shape.of(read.count(), WIDTH));
      return false;
    } catch (RequestException e) {
      assertThat(e.failure().message()).isNotBlank();
      return true;
    }
  }

  private static String body(Form form, int rows, List<String> values, Random random) {
    List<String> parts = new ArrayList<>();
    if (form.byColumn()) {
      for (int k = 0; k < WIDTH; k++) {
        int column = k;
        parts.add(
            name(column, random)
                + IntStream.range(0, rows)
                    .mapToObj(row -> values.get(row * WIDTH + column))
                    .collect(Collectors.joining(space(random) + ",", "[", "]")));
      }
      Collections.shuffle(parts, random);
      return form.text.formatted("{" + String.join(",", parts) + "}");
    }
    for (int row = 0; row < rows; row++) {
      List<String> own = values.subList(row * WIDTH, (row + 1) * WIDTH);
      if (form.named()) {
        List<String> fields = new ArrayList<>();
        for (int k = 0; k < WIDTH; k++) {
          fields.add(name(k, random) + own.get(k));
        }
        Collections.shuffle(fields, random);
        parts.add("{" + String.join(",", fields) + "}");
      } else {
        parts.add("[" + space(random) + String.join("," + space(random), own) + "]");
      }
    }
    return form.text.formatted("[" + String.join(space(random) + ",", parts) + "]");
  }

  private static String name(int index, Random random) {
    String name = NAMES.get(index);
    if (random.nextBoolean()) {
      name = name.chars().mapToObj("\\u%04x"::formatted).collect(Collectors.joining());
    }
    return "\"" + name + "\"" + space(random) + ":";
  }

  private static String value(Random random, DataType type) {
    return switch (type) {
      case BYTES -> "\"t" + random.nextInt() + "\u00e9\"";
      case BOOL -> List.of("true", "false", "0", "1").get(random.nextInt(4));
      case FP16, BF16, FP32, FP64 -> random.nextInt(20) == 0 ? "NaN" : number(random, 1e10);
      case UINT8, UINT16, UINT32, UINT64 -> Integer.toString(random.nextInt(200));
      case INT8, INT16, INT32, INT64 -> Integer.toString(random.nextInt(256) - 128);
    };
  }

  private static String number(Random random, double most) {
    return switch (random.nextInt(6)) {
      case 0 -> Integer.toString(random.nextInt(100));
      case 1 -> "-0";
      case 2 -> Float.toString(random.nextFloat() * 10);
      case 3 -> Double.toString(random.nextGaussian() * most);
      case 4 -> random.nextInt(100) + "." + random.nextLong(1L << 62) + random.nextLong(1L << 62);
      default -> random.nextInt(10) + "E" + (random.nextInt(20) - 18);
    };
  }

  private static Object bits(Tensor tensor, int index) {
    return switch (tensor) {
      case StringTensor strings -> strings.values().get(index);
      case NumericTensor numbers when numbers.type() == DataType.FP32 ->
          Float.floatToRawIntBits(numbers.data().getFloat(4 * index));
      case NumericTensor numbers when numbers.type().isFloat() ->
          Double.doubleToRawLongBits(numbers.doubleAt(index));
      case NumericTensor numbers -> numbers.longAt(index);
    };
  }

  /** The nearest value of the type, by way of no other. */
  private static Object bits(DataType type, String text) {
    return switch (type) {
      case BYTES -> text.substring(1, text.length() - 1);
      case BOOL -> text.equals("true") || text.equals("1") ? 1L : 0L;
      case FP32 -> Float.floatToRawIntBits(Float.parseFloat(text));
      case FP64 -> Double.doubleToRawLongBits(Double.parseDouble(text));
      default -> Long.parseLong(text);
    };
  }

  private static String space(Random random) {
    return random.nextInt(10) == 0 ? " \n\t\r".substring(random.nextInt(4)) : "";
  }
}
