package dev.modelserver.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Many clients, each with rows of its own, on a model that batches: every answer is the one its row
 * gets alone. {@code -Dbatching.seconds=60} goes on for longer.
 */
class BatchingIT {

  private static final int CLIENTS = 64;
  private static final int ROWS = 512;
  private static final int WIDTH = 64;
  private static final Path DIGITS =
      Path.of("../samples/models/digits-mlp.onnx").toAbsolutePath().normalize();

  /** What differs from answer to answer of one row. */
  private static final Pattern TIMES =
      Pattern.compile("\"(processing_time_ms|timestamp)\":[^,}]+,?");

  private static final Pattern EXECUTIONS = Pattern.compile("\"execution_count\":(\\d+)");
  private static final Pattern INFERENCES = Pattern.compile("\"inference_count\":(\\d+)");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "event_loop|{}",
        "queue|{\"batching\":{\"maxBatchSize\":32,\"maxDelayMicroseconds\":500}}"
      })
  void everyAnswerIsThatOfItsRowAlone(String mode, String config, @TempDir Path folder)
      throws Exception {
    Duration time = Duration.ofSeconds(Integer.getInteger("batching.seconds", 3));
    try (ServerProcess server = ServerProcess.start(folder, DIGITS, config)) {
      assertThat(server.get("/info").body()).contains("\"mode\":\"" + mode + "\"");
      List<String> rows = rows();
      List<String> alone = new ArrayList<>();
      for (String row : rows) {
        alone.add(withoutTimes(server.post("/predict", row)));
      }
      long answers = 0;
      try (ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
        long end = System.nanoTime() + time.toNanos();
        List<Callable<Long>> loads =
            IntStream.range(0, CLIENTS)
                .mapToObj(client -> (Callable<Long>) () -> load(server, rows, alone, client, end))
                .toList();
        for (Future<Long> load : clients.invokeAll(loads)) {
          answers += load.get();
        }
      }
      String statistics = server.get("/v2/models/m/stats").body();
      long executions = number(EXECUTIONS, statistics);
      long inferences = number(INFERENCES, statistics);
      assertThat(inferences).isEqualTo(answers + ROWS);
      assertThat(executions).isLessThan(inferences);
      System.Logger log = System.getLogger(BatchingIT.class.getName());
      log.log(
          System.Logger.Level.INFO,
          "{0}: {1} answers of {2} rows to {3} clients, all equal to the row alone, in {4} runs of the model",
          mode,
          Long.toString(answers),
          ROWS,
          CLIENTS,
          Long.toString(executions - ROWS));
    }
  }

  private static long load(
      ServerProcess server, List<String> rows, List<String> alone, int client, long end)
      throws IOException, InterruptedException {
    long answers = 0;
    try (HttpClient own = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      for (int i = client; System.nanoTime() < end; i += 7) {
        int row = i % ROWS;
        HttpResponse<String> answer =
            own.send(
                HttpRequest.newBuilder(server.uri("/predict"))
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(rows.get(row)))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(withoutTimes(answer)).isEqualTo(alone.get(row));
        answers++;
      }
    }
    return answers;
  }

  private static String withoutTimes(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return TIMES.matcher(answer.body()).replaceAll("");
  }

  private static long number(Pattern pattern, String text) {
    var found = pattern.matcher(text);
    assertThat(found.find()).as(text).isTrue();
    return Long.parseLong(found.group(1));
  }

  /** Pixels of 0 to 16, as the model was trained on. */
  private static List<String> rows() {
    Random random = new Random(1);
    return IntStream.range(0, ROWS)
        .mapToObj(
            row ->
                IntStream.range(0, WIDTH)
                    .mapToObj(i -> Integer.toString(random.nextInt(17)))
                    .collect(Collectors.joining(",", "{\"features\":[", "]}")))
        .toList();
  }
}
