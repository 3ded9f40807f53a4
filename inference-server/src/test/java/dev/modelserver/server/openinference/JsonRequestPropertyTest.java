package dev.modelserver.server.openinference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.server.failure.RequestException;
import dev.modelserver.server.inference.InferenceException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.statistics.Statistics;

/**
 * The order of names, space and names that are not known change neither what is read nor what is
 * refused.
 */
class JsonRequestPropertyTest {

  private static final List<String> TYPES =
      List.of(
          "BOOL", "UINT8", "UINT16", "UINT32", "UINT64", "INT8", "INT16", "INT32", "INT64", "FP32",
          "FP64", "BYTES");
  private static final List<String> VALUES =
      List.of(
          "0",
          "1",
          "-1",
          "200",
          "65.0",
          "1e2",
          "-0.0",
          "0.1",
          "1e39",
          "1.5e-3",
          "18446744073709551615",
          "9007199254740993",
          "true",
          "false",
          "null",
          "NaN",
          "-Infinity",
          "\"NaN\"",
          "\"a\"",
          "\"\\ud83d\\ude42\"",
          "{}");

  @Property(tries = 20_000)
  void orderAndSpaceChangeNothing(@ForAll Random random) {
    Sample sample = new Sample(random);
    Object expected = read(sample.usual());
    Object shuffled = read(sample.shuffled());
    if (expected instanceof String && shuffled instanceof String) {
      // the first fault is reported
      Statistics.collect("refused");
    } else {
      assertThat(shuffled).as(sample.toString()).isEqualTo(expected);
      Statistics.collect("read");
    }
    Statistics.coverage(
        verdict -> {
          verdict.check("read").percentage(share -> share > 20);
          verdict.check("refused").percentage(share -> share > 20);
        });
  }

  /** The request, or why there is none. */
  private static Object read(String body) {
    try {
      return Requests.read(body);
    } catch (RequestException | InferenceException e) {
      return String.valueOf(e.getMessage());
    }
  }

  /** A request of one input, whose elements mostly fit its type and shape. */
  private static final class Sample {
    private final Random random;
    private final List<String> fields = new ArrayList<>();

    Sample(Random random) {
      this.random = random;
      int rank = random.nextInt(4);
      List<Integer> dims = new ArrayList<>();
      int elements = 1;
      for (int i = 0; i < rank; i++) {
        dims.add(random.nextInt(4));
        elements *= dims.getLast();
      }
      String type = one(TYPES);
      boolean fits = random.nextInt(8) > 0;
      String usual = type.equals("BYTES") ? "\"s\"" : "1";
      List<String> values = new ArrayList<>();
      for (int i = 0; i < (fits ? elements : random.nextInt(9)); i++) {
        values.add(random.nextInt(fits ? 12 : 2) == 0 ? one(VALUES) : usual);
      }
      boolean nested = random.nextBoolean() && !values.isEmpty() && elements > 0;
      fields.add("\"name\":\"x\"");
      fields.add("\"datatype\":\"" + type + "\"");
      fields.add("\"shape\":" + dims.toString().replace(" ", ""));
      fields.add("\"data\":" + (nested ? nest(dims, 0, values, new int[1]) : list(values)));
    }

    String usual() {
      return "{\"id\":\"7\",\"inputs\":[{" + String.join(",", fields) + "}]}";
    }

    String shuffled() {
      List<String> mixed = new ArrayList<>(fields);
      mixed.add("\"tags\":[{\"a\":[NaN,\"\\\\\"]}]");
      mixed.add("\"parameters\":null");
      Collections.shuffle(mixed, random);
      String gap = one(List.of("", " ", "\n\t", "\r\n"));
      String input =
          String.join(gap + "," + gap, mixed).replace(":", gap + ":" + gap).replace("[", "[" + gap);
      List<String> outer =
          new ArrayList<>(
              List.of(
                  "\"inputs\":[{" + input + gap + "}]", "\"id\":\"7\"", "\"more\":{\"b\":1e5}"));
      Collections.shuffle(outer, random);
      return gap + "{" + gap + String.join("," + gap, outer) + gap + "}" + gap;
    }

    private String nest(List<Integer> dims, int axis, List<String> values, int[] next) {
      if (axis == dims.size()) {
        return values.get(next[0]++ % values.size());
      }
      List<String> parts = new ArrayList<>();
      for (int i = 0; i < dims.get(axis); i++) {
        parts.add(nest(dims, axis + 1, values, next));
      }
      return list(parts);
    }

    private static String list(List<String> values) {
      return "[" + String.join(",", values) + "]";
    }

    private String one(List<String> of) {
      return of.get(random.nextInt(of.size()));
    }

    @Override
    public String toString() {
      return usual();
    }
  }
}
