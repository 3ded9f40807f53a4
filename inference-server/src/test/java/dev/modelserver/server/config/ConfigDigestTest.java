package dev.modelserver.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigDigestTest {

  /** {@code printf '{}\n' > config.json; sha256sum *.json | sha256sum}, and with the other file. */
  private static final String ONE =
      "c2a2c7fe9f749b61505ca131da30b964e7d0025ae7f0797aaa5616bc7f1cfbde";

  private static final String TWO =
      "5dcbb12da2de5380a7e0748517d9e4ac249136a8478b4d2084a54b2cc33389da";

  @TempDir private Path folder;

  @Test
  void isWhatSha256sumPrints() throws IOException, ConfigurationException {
    Files.writeString(folder.resolve("config.json"), "{}\n");
    Files.writeString(folder.resolve("README"), "not configuration");
    assertThat(ConfigDigest.of(folder)).isEqualTo(ONE);

    Files.writeString(folder.resolve("baseline.json"), "{\"a\": 1}\n");
    assertThat(ConfigDigest.of(folder)).isEqualTo(TWO);
  }

  @Test
  void otherFilesAreRefused() throws IOException {
    Path config = Files.writeString(folder.resolve("config.json"), "{}\n");

    assertThatCode(() -> ConfigDigest.require(Optional.empty(), config)).doesNotThrowAnyException();
    assertThatCode(() -> ConfigDigest.require(Optional.of(ONE), config)).doesNotThrowAnyException();
    assertThatThrownBy(() -> ConfigDigest.require(Optional.of(TWO), config))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            "the configuration in %s has the SHA-256 %s, and this pod was made for %s: somebody replaced its ConfigMap; the operator puts the right one back: delete this pod, and a new one gets it"
                .formatted(folder, ONE, TWO));
  }
}
