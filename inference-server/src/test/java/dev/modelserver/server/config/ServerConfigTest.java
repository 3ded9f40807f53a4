package dev.modelserver.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerConfigTest {

  @Test
  void batchingHasDefaults() throws ConfigurationException {
    assertThat(serving("{}").batching()).isEqualTo(new BatchingConfig(null, Duration.ZERO, 256));
    assertThat(serving("{\"batching\": {}}").batching())
        .isEqualTo(new BatchingConfig(null, Duration.ZERO, 256));
  }

  @Test
  void batchingIsReadInItsUnits() throws ConfigurationException {
    assertThat(
            serving(
                    "{\"batching\": {\"maxBatchSize\": 32, \"maxDelayMicros\": 1500, \"maxQueueSize\": 512}}")
                .batching())
        .isEqualTo(new BatchingConfig(32, Duration.ofNanos(1_500_000), 512));
  }

  @ParameterizedTest
  @CsvSource({
    "maxBatchSize, 0, 1 to 1024",
    "maxBatchSize, 1025, 1 to 1024",
    "maxDelayMicros, -1, 0 to 1000000",
    "maxDelayMicros, 1000001, 0 to 1000000",
    "maxDelayMicros, 0.5, 0 to 1000000",
    "maxQueueSize, 0, 1 to 10000",
    "maxQueueSize, 10001, 1 to 10000",
  })
  void batchingOutOfBoundsIsNamedWithItsValueAndRange(String field, String value, String range) {
    assertThatThrownBy(() -> serving("{\"batching\": {\"%s\": %s}}".formatted(field, value)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage("server.batching.%s is %s; it takes an integer from %s", field, value, range);
  }

  private static ServingConfig serving(String server) throws ConfigurationException {
    String json =
        "{\"model\": {\"name\": \"m\", \"uri\": \"file:///m.onnx\"}, \"server\": %s}"
            .formatted(server);
    return ServerConfig.parse(json.getBytes(StandardCharsets.UTF_8)).serving();
  }
}
