package dev.modelserver.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.server.inference.InferenceFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class FailureAnswerTest {

  @Test
  void missingMemoryMayBeTriedAgain() {
    FailureAnswer answer = FailureAnswer.of(new InferenceFailure.NoMemory("no memory"));

    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.grpc()).isEqualTo(FailureAnswer.GrpcCode.RESOURCE_EXHAUSTED);
    assertThat(answer.type()).isEqualTo("overloaded");
    assertThat(answer.headers()).containsEntry("Retry-After", "1");
  }

  @Test
  void everyTypeIsExplained() throws IOException {
    String page = Files.readString(Path.of("../docs/api.md"));

    assertThat(FailureAnswer.types())
        .allSatisfy(type -> assertThat(page).contains("`" + type + "`"));
  }
}
