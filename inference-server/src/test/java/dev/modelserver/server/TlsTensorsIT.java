package dev.modelserver.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Large tensors behind TLS, which come in other pieces of memory than without; the model gives its
 * input back where no number of it is positive.
 */
class TlsTensorsIT {

  private static final String HEADER = "Inference-Header-Content-Length";

  @RegisterExtension
  private static final SecuredServer secured = SecuredServer.create("endless", "Strict", Map.of());

  @ParameterizedTest
  @EnumSource(Version.class)
  void everyNumberArrivesAndComesBack(Version version) throws Exception {
    Random random = new Random(1);
    try (HttpClient client = secured.clients().http(version)) {
      for (int i = 0; i < 10; i++) {
        byte[] numbers = numbers(20_000 + random.nextInt(300_000), random);
        HttpResponse<byte[]> answer = client.send(infer(numbers), BodyHandlers.ofByteArray());

        assertThat(answer.statusCode())
            .as(new String(answer.body(), StandardCharsets.UTF_8))
            .isEqualTo(200);
        int json = Integer.parseInt(answer.headers().firstValue(HEADER).orElseThrow());
        byte[] given = Arrays.copyOfRange(answer.body(), json, answer.body().length);
        assertThat(Arrays.equals(given, numbers)).isTrue();
      }
    }
  }

  private static byte[] numbers(int count, Random random) {
    ByteBuffer bytes = ByteBuffer.allocate(count * 4).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      bytes.putFloat(-random.nextFloat());
    }
    return bytes.array();
  }

  private static HttpRequest infer(byte[] numbers) {
    byte[] json =
        ("{\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":["
                + numbers.length / 4
                + ",1],\"parameters\":{\"binary_data_size\":"
                + numbers.length
                + "}}],\"parameters\":{\"binary_data_output\":true}}")
            .getBytes(StandardCharsets.UTF_8);
    return secured
        .clients()
        .request("/v2/models/endless/infer")
        .header("Authorization", "Bearer " + SecuredServer.TOKEN)
        .header(HEADER, Integer.toString(json.length))
        .POST(
            BodyPublishers.concat(
                BodyPublishers.ofByteArray(json), BodyPublishers.ofByteArray(numbers)))
        .build();
  }
}
