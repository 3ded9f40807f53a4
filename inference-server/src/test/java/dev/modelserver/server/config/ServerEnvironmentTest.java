package dev.modelserver.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ServerEnvironmentTest {

  @Test
  void findsWhatIsMountedForTheSource() throws ConfigurationException {
    ServerEnvironment environment = ServerEnvironment.of(Map.of("HF_ENDPOINT", " "));

    assertThat(environment.credentialsDirectory()).hasToString("/etc/modelserver-credentials");
    assertThat(environment.trustDirectory()).hasToString("/etc/modelserver-trust");
    assertThat(environment.defaultTrustDirectory()).hasToString("/etc/modelserver-default-trust");
    assertThat(environment.hubEndpoint()).isEmpty();
  }

  @Test
  void takesOtherPlacesFromVariables() throws ConfigurationException {
    ServerEnvironment environment =
        ServerEnvironment.of(
            Map.of(
                "MODELSERVER_CREDENTIALS_DIR", "/a",
                "MODELSERVER_TRUST_DIR", "/b",
                "MODELSERVER_DEFAULT_TRUST_DIR", "/c",
                "HF_ENDPOINT", "https://hub.example"));

    assertThat(environment.credentialsDirectory()).hasToString("/a");
    assertThat(environment.trustDirectory()).hasToString("/b");
    assertThat(environment.defaultTrustDirectory()).hasToString("/c");
    assertThat(environment.hubEndpoint()).contains("https://hub.example");
  }
}
