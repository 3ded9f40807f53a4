package dev.modelserver.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class FailureAnswerTest {

  @Test
  void everyTypeIsExplained() throws IOException {
    String page = Files.readString(Path.of("../docs/api.md"));

    assertThat(FailureAnswer.types())
        .allSatisfy(type -> assertThat(page).contains("`" + type + "`"));
  }
}
