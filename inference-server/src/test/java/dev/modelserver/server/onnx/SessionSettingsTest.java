package dev.modelserver.server.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.server.TestModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SessionSettingsTest {

  /** The calling thread is one of a run's, and the session brings the others along. */
  @Test
  void aSessionHasTheThreadsItIsToHave() throws Exception {
    assertThat(threadsOf(new SessionSettings(33, true))).isBetween(28L, 36L);
    assertThat(threadsOf(SessionSettings.DEFAULT)).isLessThan(8);
  }

  /** Those that it adds to the process. The JVM may begin or end a few of its own meanwhile. */
  private static long threadsOf(SessionSettings settings) throws Exception {
    OnnxModel warm = OnnxModel.load(TestModels.file("linear"));
    long before = threads();
    OnnxModel model = OnnxModel.load(TestModels.file("linear"), settings);
    try {
      assertThat(model.settings()).isEqualTo(settings);
      return threads() - before;
    } finally {
      assertThat(model.close(Duration.ofSeconds(1))).isTrue();
      assertThat(warm.close(Duration.ofSeconds(1))).isTrue();
    }
  }

  private static long threads() throws IOException {
    try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
      return tasks.count();
    }
  }
}
