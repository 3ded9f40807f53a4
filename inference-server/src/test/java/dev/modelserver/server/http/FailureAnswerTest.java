package dev.modelserver.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.server.failure.RequestFailure;
import dev.modelserver.server.failure.RequestFailure.BodyContent;
import dev.modelserver.server.inference.InferenceFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FailureAnswerTest {

  @Test
  void missingMemoryMayBeTriedAgain() {
    FailureAnswer answer = FailureAnswer.of(new InferenceFailure.NoMemory("no memory"));

    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.grpc()).isEqualTo(FailureAnswer.GrpcCode.RESOURCE_EXHAUSTED);
    assertThat(answer.type()).isEqualTo("overloaded");
    assertThat(answer.headers()).containsEntry("Retry-After", "1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "JSON | 13053952 | 20000000 | the body has 20000000 bytes, more than the limit of 13053952; send fewer rows per request, or numbers as binary data over the Open Inference Protocol (/v2), or raise spec.resources.limits.memory: the limit is about a fortieth of it, at most 67108864 bytes",
        "BINARY | 13053952 | -1 | the body has more than 13053952 bytes, the limit; send fewer rows per request, or raise spec.resources.limits.memory: the limit is about a fortieth of it, at most 67108864 bytes",
        "IMAGE | 67108864 | 67108865 | the body has 67108865 bytes, more than the limit of 67108864; send a smaller image; the limit cannot be raised above 67108864 bytes",
        "BINARY | 13053952 | 99999999 | the body has 99999999 bytes, more than the limit of 13053952; send fewer rows per request; the limit cannot be raised above 67108864 bytes",
        "JSON | 67108864 | -1 | the body has more than 67108864 bytes, the limit; send fewer rows per request, or numbers as binary data over the Open Inference Protocol (/v2); the limit cannot be raised above 67108864 bytes",
      })
  void aBodyThatIsTooLargeCanBeMadeSmallerOrAllowed(
      BodyContent content, long limit, long size, String message) {
    FailureAnswer answer = FailureAnswer.of(new RequestFailure.BodyTooLarge(content, limit, size));

    assertThat(answer.status()).isEqualTo(413);
    assertThat(answer.message()).isEqualTo(message);
  }

  @Test
  void everyTypeIsExplained() throws IOException {
    String page = Files.readString(Path.of("../docs/api.md"));

    assertThat(FailureAnswer.types())
        .allSatisfy(type -> assertThat(page).contains("`" + type + "`"));
  }
}
