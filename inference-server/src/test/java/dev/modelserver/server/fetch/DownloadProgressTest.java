package dev.modelserver.server.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class DownloadProgressTest {

  private static final URI MODEL = URI.create("https://models.example/iris.onnx?signature=secret");

  private final AtomicLong clock = new AtomicLong();
  private final List<String> log = new ArrayList<>();
  private final DownloadProgress progress = new DownloadProgress(log::add, clock::get);

  @Test
  void logsBytesTotalAndTheRateOfTheTimeBetweenAtRegularIntervals() {
    progress.begins(MODEL, 4000);

    for (int second = 1; second <= 25; second++) {
      pass(1);
      progress.add(second <= 10 ? 100 : 50);
    }

    assertThat(log)
        .containsExactly(
            "downloading https://models.example/iris.onnx?…: 1000 of 4000 bytes (25 %), 100 bytes/s"
                + " now",
            "downloading https://models.example/iris.onnx?…: 1500 of 4000 bytes (37 %), 50 bytes/s"
                + " now");
  }

  @Test
  void writesNothingOfAShortDownload() {
    progress.begins(MODEL, 100);
    pass(9);
    progress.add(100);
    progress.ends();

    assertThat(log).isEmpty();
    assertThat(progress.sentence()).isEmpty();
  }

  @Test
  void saysHowFarItCame() {
    assertThat(progress.sentence()).isEmpty();
    progress.begins(MODEL, 4_000_000_000L);
    progress.add(1_000_000_000);
    pass(50);

    assertThat(progress.sentence())
        .hasValue(
            "preflight was ended while it downloaded https://models.example/iris.onnx?…: 1000000000"
                + " of 4000000000 bytes (25 %) in 50 s (20000000 bytes/s)");
  }

  @Test
  void knowsNoTotalWhereTheServerTellsNone() {
    progress.begins(MODEL, -1);
    pass(10);
    progress.add(50);

    assertThat(log).singleElement().asString().contains("50 bytes, of a size that the server");
    assertThat(progress.sentence()).get().asString().contains("in 10 s (5 bytes/s)");
  }

  @Test
  void beginsAnewWithAnotherAttempt() {
    progress.begins(MODEL, 100);
    progress.add(60);
    progress.ends();
    progress.begins(MODEL, 100);
    progress.add(10);

    assertThat(progress.sentence()).get().asString().contains("10 of 100 bytes (10 %)");
  }

  private void pass(long seconds) {
    clock.addAndGet(Duration.ofSeconds(seconds).toNanos());
  }
}
