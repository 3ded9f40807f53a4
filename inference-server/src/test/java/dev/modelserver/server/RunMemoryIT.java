package dev.modelserver.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real processes in which ONNX Runtime may take 64 MiB. */
class RunMemoryIT {

  private static final long LIMIT = 64L << 20;

  private static final Map<String, String> LIMITED =
      Map.of("JAVA_TOOL_OPTIONS", "-Dmodelserver.onnxruntime.memory=" + LIMIT);

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({"memory-fill, 0.69", "memory-range, 999", "memory-expand, 2"})
  void refusesWhatWouldEndThePod(String model, String answer)
      throws IOException, InterruptedException {
    try (ServerProcess server = ServerProcess.start(folder, model, "{}", LIMITED)) {
      assertThat(server.get("/info").body()).contains("\"memory_limit_bytes\":" + LIMIT);
      for (String size : new String[] {"3000000000", "1099511627776", "20000000"}) {
        HttpResponse<String> refused = predict(server, size);
        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(503);
        assertThat(refused.body())
            .contains("there is no memory for what this request needs", "spec.resources")
            .doesNotContain(".cc", "BFCArena");
        assertThat(predict(server, "1000").body()).contains(answer);
      }
      assertThat(bytes(server, "VmHWM:")).isLessThan(700L << 20);
    }
  }

  /** Of sizes that ask for other pieces of memory than those that were kept for later. */
  @Test
  void findsMemoryAgainThatNoRunHolds() throws IOException, InterruptedException {
    try (ServerProcess server = ServerProcess.start(folder, "memory-fill", "{}", LIMITED)) {
      int served = 0;
      for (int mebibytes : new int[] {3, 5, 8, 12, 17, 23, 30, 26, 19, 13, 9, 6, 4, 31, 30, 29}) {
        HttpResponse<String> answer = predict(server, Integer.toString(mebibytes << 18));
        assertThat(answer.statusCode()).as("%d MiB: %s", mebibytes, answer.body()).isEqualTo(200);
        served++;
      }
      assertThat(served).isEqualTo(16);
    }
  }

  /** What a run of 400 MiB leaves to a process that answers a small one after it. */
  @ParameterizedTest
  @CsvSource({"Enabled, true", "Disabled, false"})
  void keepsMemoryForLaterRunsWithTheArenaOnly(String arena, boolean kept)
      throws IOException, InterruptedException {
    Map<String, String> roomy =
        Map.of("JAVA_TOOL_OPTIONS", "-Dmodelserver.onnxruntime.memory=" + (1L << 30));
    String config = "{\"runtime\":{\"memoryArena\":\"" + arena + "\"}}";
    try (ServerProcess server = ServerProcess.start(folder, "memory-fill", config, roomy)) {
      assertThat(server.get("/info").body())
          .contains("\"memory_arena\":\"" + arena.toLowerCase(Locale.ROOT) + "\"");
      long before = bytes(server, "VmRSS:");
      for (int size : new int[] {100 << 20, 1000}) {
        HttpResponse<String> answer = predict(server, Integer.toString(size));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      }
      assertThat(bytes(server, "VmHWM:") - before).isGreaterThan(350L << 20);
      assertThat(bytes(server, "VmRSS:") - before > 200L << 20).isEqualTo(kept);
    }
  }

  private static HttpResponse<String> predict(ServerProcess server, String size)
      throws IOException, InterruptedException {
    return server.post("/predict", "{\"features\":[" + size + "]}");
  }

  private static long bytes(ServerProcess server, String field) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/" + server.process().pid() + "/status"))) {
      if (line.startsWith(field)) {
        return Long.parseLong(line.replaceAll("\\D", "")) << 10;
      }
    }
    throw new IllegalStateException("the kernel counts no memory of the process");
  }
}
