package dev.modelserver.operator.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CountedWritesTest {
  @ParameterizedTest
  @CsvSource({
    "/apis/apps/v1/namespaces/a/deployments/iris, deployments",
    "/apis/modelserver.dev/v1alpha1/namespaces/a/modelservers/iris/status, modelservers/status",
    "/api/v1/namespaces/a/events, events",
    "/proxied/api/v1/namespaces/a/services/iris, services",
    "/api/v1/nodes/one,",
    "/api/v1/namespaces/a,",
  })
  void theResourceOfAPath(String path, String resource) {
    assertThat(CountedWrites.resource(path)).isEqualTo(Optional.ofNullable(resource));
  }
}
