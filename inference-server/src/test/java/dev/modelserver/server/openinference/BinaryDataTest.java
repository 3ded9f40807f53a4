package dev.modelserver.server.openinference;

import static dev.modelserver.server.openinference.Requests.doubles;
import static dev.modelserver.server.openinference.Requests.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelserver.server.failure.RequestException;
import dev.modelserver.server.inference.InferenceException;
import dev.modelserver.server.oip.InferRequest;
import dev.modelserver.server.tensor.Shape;
import dev.modelserver.server.tensor.StringTensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Elements of an input behind the JSON. */
class BinaryDataTest {

  @Test
  void readsBinaryDataWhereTheyAre() throws RequestException, InferenceException {
    byte[] json =
        """
        {"inputs":[{"name":"a","shape":[2],"datatype":"FP16","parameters":{"binary_data_size":4}},
         {"name":"b","shape":[1],"datatype":"INT64","data":[7]},
         {"name":"c","shape":[2],"datatype":"BYTES","parameters":{"binary_data_size":11}}]}
        """
            .getBytes(StandardCharsets.UTF_8);
    byte[] body =
        ByteBuffer.allocate(json.length + 15)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put(json)
            .putShort(Float.floatToFloat16(0.5f))
            .putShort(Float.floatToFloat16(-2f))
            .putInt(3)
            .put("abc".getBytes(StandardCharsets.UTF_8))
            .putInt(0)
            .array();

    InferRequest request = read(body, json.length);

    assertThat(request.inputs()).containsOnlyKeys("a", "b", "c");
    assertThat(doubles(request, "a")).containsExactly(0.5, -2);
    assertThat(doubles(request, "b")).containsExactly(7);
    assertThat(request.inputs().get("c"))
        .isEqualTo(new StringTensor(Shape.of(2), List.of("abc", "")));
    body[json.length + 1] = 0;
    assertThat(doubles(request, "a")[0]).isNotEqualTo(0.5);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "FP32|[1]|5|00000000|binary_data_size is 5, but 4 bytes follow",
        "FP32|[1]|4|0000000000|goes on for 1 bytes after the JSON",
        "FP32|[2]|4|00000000|has 4 bytes; FP32 of shape [2] takes 8",
        "FP32|[0]|0|''|''",
        "BOOL|[2]|2|0102|has the byte 2 at 1; BOOL takes 0 or 1",
        "BYTES|[1]|3|000000|has 3 bytes; 1 strings take at least 4",
        "BYTES|[1]|4|01000000|says string 0 has 1 bytes, but only 0 follow",
        "BYTES|[1]|4|ffffffff|says string 0 has 4294967295 bytes",
        "BYTES|[1]|5|0000000000|goes on for 1 bytes after its 1 strings",
        "BYTES|[1]|5|01000000ff|has a string 0 that is not UTF-8",
        "BYTES|[2]|8|0400000000000000|ends before string 1 of 2",
        "BYTES|[2147483647]|4|00000000|2147483647 strings take at least",
      })
  void saysWhatIsWrongWithBinaryData(String type, String shape, int size, String hex, String words)
      throws RequestException, InferenceException {
    byte[] json =
        ("{\"inputs\":[{\"name\":\"x\",\"datatype\":\""
                + type
                + "\",\"shape\":"
                + shape
                + ",\"parameters\":{\"binary_data_size\":"
                + size
                + "}}]}")
            .getBytes(StandardCharsets.UTF_8);
    byte[] tail = HexFormat.of().parseHex(hex);
    byte[] body = ByteBuffer.allocate(json.length + tail.length).put(json).put(tail).array();

    if (words.isEmpty()) {
      assertThat(read(body, json.length).inputs()).containsKey("x");
    } else {
      assertThatThrownBy(() -> read(body, json.length)).hasMessageContaining(words);
    }
  }

  @Test
  void dataAndBinaryDataExcludeEachOther() {
    String both = "\"data\":[1],\"parameters\":{\"binary_data_size\":4}";
    assertThatThrownBy(
            () ->
                read(
                    "{\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[1],"
                        + both
                        + "}]}"))
        .hasMessageContaining("has data and binary_data_size");
    String shared = "\"parameters\":{\"shared_memory_region\":\"r\"}";
    assertThatThrownBy(() -> read("{\"inputs\":[{\"name\":\"x\"," + shared + "}]}"))
        .hasMessageContaining("shared_memory_region is given");
  }
}
