package dev.modelserver.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Large binary tensors, which the runtime reads out of the request's body, and whose memory other
 * requests get next. The model gives its input back, and never ends when a number in it is
 * positive.
 */
class LargeTensorsIT {

  private static final int THREADS = 8;
  private static final int REQUESTS = 40;
  private static final String HEADER = "Inference-Header-Content-Length";
  private static final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @RegisterExtension
  private static final ServerProcess server =
      ServerProcess.of("endless", "{\"requestTimeoutMillis\":10000,\"runtime\":{\"instances\":2}}");

  @Test
  void everyCallerGetsItsOwnNumbersBesideRunsThatAreCutOff() throws Exception {
    try (ExecutorService callers = Executors.newFixedThreadPool(THREADS + 1)) {
      List<Future<Integer>> good = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        int seed = i;
        good.add(callers.submit(() -> sameNumbers(new Random(seed))));
      }
      Future<Integer> cutOff = callers.submit(LargeTensorsIT::cutOff);
      int same = 0;
      for (Future<Integer> each : good) {
        same += each.get();
      }
      assertThat(same).isEqualTo(THREADS * REQUESTS);
      assertThat(cutOff.get()).isEqualTo(5);
    }
    assertThat(server.management("/health").statusCode()).isEqualTo(200);
  }

  private static int sameNumbers(Random random) throws IOException, InterruptedException {
    int same = 0;
    for (int i = 0; i < REQUESTS; i++) {
      byte[] numbers = numbers(20_000 + random.nextInt(300_000), random, false);
      HttpResponse<byte[]> response = infer(numbers, 10_000);
      assertThat(response.statusCode())
          .as(new String(response.body(), StandardCharsets.UTF_8))
          .isEqualTo(200);
      int json = Integer.parseInt(response.headers().firstValue(HEADER).orElseThrow());
      byte[] given = Arrays.copyOfRange(response.body(), json, response.body().length);
      same += Arrays.equals(given, numbers) ? 1 : 0;
    }
    return same;
  }

  private static int cutOff() throws IOException, InterruptedException {
    int cutOff = 0;
    for (int i = 0; i < 5; i++) {
      byte[] numbers = numbers(150_000, new Random(i), true);
      cutOff += infer(numbers, 200).statusCode() == 504 ? 1 : 0;
    }
    return cutOff;
  }

  /** Negative numbers, the last of them positive when the run is not to end. */
  private static byte[] numbers(int count, Random random, boolean endless) {
    ByteBuffer bytes = ByteBuffer.allocate(count * 4).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      bytes.putFloat(-random.nextFloat());
    }
    if (endless) {
      bytes.putFloat((count - 1) * 4, 1);
    }
    return bytes.array();
  }

  private static HttpResponse<byte[]> infer(byte[] numbers, int timeoutMillis)
      throws IOException, InterruptedException {
    byte[] json =
        ("{\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":["
                + numbers.length / 4
                + ",1],\"parameters\":{\"binary_data_size\":"
                + numbers.length
                + "}}],\"parameters\":{\"binary_data_output\":true}}")
            .getBytes(StandardCharsets.UTF_8);
    return client.send(
        HttpRequest.newBuilder(server.uri("/v2/models/endless/infer"))
            .header(HEADER, Integer.toString(json.length))
            .header("X-Request-Timeout-Ms", Integer.toString(timeoutMillis))
            .POST(
                BodyPublishers.concat(
                    BodyPublishers.ofByteArray(json), BodyPublishers.ofByteArray(numbers)))
            .build(),
        BodyHandlers.ofByteArray());
  }
}
