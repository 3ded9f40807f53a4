package dev.modelserver.server.openinference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.server.failure.RequestException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Holds the scanner to the parser: what the scanner takes, the parser reads as the same request;
 * what the parser refuses, the scanner does not take.
 */
class ScannerPropertyTest {

  @Property(tries = 3000)
  void agreeOnAnyData(@ForAll("types") String type, @ForAll("data") Sample sample) {
    agree(Requests.input(type, sample.shape, sample.data));
  }

  /** One byte is changed, left out or doubled: mostly faults, sometimes other requests. */
  @Property(tries = 10_000)
  void agreeOnDamagedRequests(
      @ForAll("types") String type,
      @ForAll("data") Sample sample,
      @ForAll("damage") String damage,
      @ForAll int where) {
    String whole =
        "{\"id\":\"i\",\"parameters\":{\"timeout\":5,\"binary_data_output\":true},"
            + Requests.input(type, sample.shape, sample.data)
                .substring(1)
                .replaceFirst("}$", ",\"outputs\":[{\"name\":\"y\"}]}");
    int at = Math.floorMod(where, whole.length());
    agree(whole.substring(0, at) + damage + whole.substring(at + 1));
    agree(whole.substring(0, at) + damage + whole.substring(at));
  }

  private static void agree(String body) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    RequestHead scanned = RequestScanner.scan(bytes, bytes.length);
    if (scanned != null) {
      assertThat(read(scanned, bytes)).as(body).isEqualTo(parse(bytes));
    }
  }

  private static Object read(RequestHead head, byte[] bytes) {
    try {
      return RequestReader.read(head, bytes, ByteBuffer.allocate(0), Requests.UNLIMITED);
    } catch (RequestException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private static Object parse(byte[] bytes) {
    try {
      return RequestReader.read(
          RequestParser.parse(bytes, bytes.length),
          bytes,
          ByteBuffer.allocate(0),
          Requests.UNLIMITED);
    } catch (RequestException e) {
      return String.valueOf(e.getMessage());
    }
  }

  @Provide
  Arbitrary<String> types() {
    return Arbitraries.of(
        "BOOL", "UINT8", "UINT16", "UINT32", "UINT64", "INT8", "INT16", "INT32", "INT64", "FP16",
        "FP32", "FP64", "BYTES");
  }

  @Provide
  Arbitrary<String> damage() {
    return Arbitraries.of(
        "", " ", ",", "[", "]", "{", "}", "\"", ":", "0", "9", "-", ".", "e", "+", "\\", "é", "\n",
        "\u0000", "null", "true", "1e400");
  }

  @Provide
  Arbitrary<Sample> data() {
    Arbitrary<String> space = Arbitraries.of("", "", " ", "\n\t");
    Arbitrary<List<String>> values = values().list().ofMaxSize(24);
    Arbitrary<List<Integer>> shape = Arbitraries.integers().between(0, 4).list().ofMaxSize(3);
    return Combinators.combine(values, shape, space, Arbitraries.of(true, false))
        .as(
            (elements, dims, gap, nested) -> {
              String data = "[" + String.join("," + gap, elements) + gap + "]";
              if (nested && !dims.isEmpty() && !elements.isEmpty()) {
                int[] next = {0};
                data = nest(dims, 0, elements, next, gap);
              }
              return new Sample(dims.toString().replace(" ", gap), data);
            });
  }

  private static String nest(
      List<Integer> dims, int axis, List<String> elements, int[] next, String gap) {
    if (axis == dims.size()) {
      return elements.get(next[0]++ % elements.size());
    }
    StringBuilder list = new StringBuilder("[");
    for (int i = 0; i < dims.get(axis); i++) {
      list.append(i == 0 ? "" : gap + ",").append(nest(dims, axis + 1, elements, next, gap));
    }
    return list.append(gap).append(']').toString();
  }

  private static Arbitrary<String> values() {
    return Arbitraries.oneOf(
        Arbitraries.integers().between(-300, 300).map(String::valueOf),
        Arbitraries.longs().map(String::valueOf),
        Arbitraries.bigIntegers().map(String::valueOf),
        Arbitraries.floats().map(String::valueOf),
        Arbitraries.doubles().map(String::valueOf),
        Arbitraries.of("1.0", "-0", "0", "1", "true", "false", "\"a\"", "1e38", "3.5e38", "null"));
  }

  private record Sample(String shape, String data) {}
}
