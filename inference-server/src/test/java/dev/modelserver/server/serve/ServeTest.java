package dev.modelserver.server.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.server.config.BatchingConfig;
import dev.modelserver.server.config.RuntimeConfig;
import dev.modelserver.server.config.ServerEnvironment;
import dev.modelserver.server.config.ServingConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ServeTest {

  @Test
  void aConnectionMayBeSilentLongerThanAnAnswerTakes() {
    Path anywhere = Path.of("anywhere");
    var environment =
        new ServerEnvironment(
            anywhere,
            Optional.empty(),
            anywhere,
            anywhere,
            anywhere,
            anywhere,
            anywhere,
            anywhere,
            anywhere,
            anywhere,
            anywhere,
            Optional.empty(),
            "pod",
            1,
            2,
            3,
            false,
            false);
    var serving =
        new ServingConfig(
            "INFO",
            Duration.ofSeconds(45),
            null,
            new RuntimeConfig(1, 1, true),
            Duration.ofMillis(1500),
            new BatchingConfig(null, Duration.ZERO, 256),
            Set.of(),
            null,
            null);

    assertThat(Serve.settings(environment, serving))
        .containsEntry("quarkus.http.port", "1")
        .containsEntry("quarkus.http.idle-timeout", "105S")
        .containsEntry("quarkus.shutdown.timeout", "45000MS")
        .containsEntry("quarkus.shutdown.delay", "1500MS");
  }
}
