package dev.modelserver.server.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.modelserver.server.verdict.PreflightException;
import dev.modelserver.server.verdict.Reason;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SiblingUriTest {

  @ParameterizedTest
  @CsvSource({
    "https://h/a/m.onnx, m.onnx.data, https://h/a/m.onnx.data",
    "https://h:8443/a%20b/m.onnx, w/x 1.bin, https://h:8443/a%20b/w/x%201.bin",
    "https://h/m.onnx, ./w, https://h/w",
    "https://h, w, https://h/w",
    "https://h/a/m.onnx, a?b#c%2f, https://h/a/a%3Fb%23c%252f",
    "https://h/a/m.onnx, a@b:c, https://h/a/a%40b%3Ac",
  })
  void liesInTheFolderOfTheModel(URI model, String location, URI sibling)
      throws PreflightException {
    assertThat(SiblingUri.of(model, location)).isEqualTo(sibling);
  }

  @Test
  void writesOtherCharactersAsUtf8() {
    assertThat(SiblingUri.encoded("ä~b")).isEqualTo("%C3%A4~b");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../w", "a/../../w", "/w", "\\w", "..\\w", "https://evil/../../w"})
  void neverLeavesIt(String location) {
    PreflightException failure = refused("https://h/a/m.onnx", location);

    assertThat(failure.reason()).isEqualTo(Reason.ExternalDataOutside);
  }

  @Test
  void aSignedUrlHasNoSibling() {
    PreflightException failure = refused("https://h/m.onnx?X-Amz-Signature=s3cr3t", "w.bin");

    assertThat(failure.reason()).isEqualTo(Reason.InvalidModel);
    assertThat(failure.sentence())
        .contains("\"w.bin\"", "a signed URL holds for one file only")
        .doesNotContain("s3cr3t");
  }

  private static PreflightException refused(String model, String location) {
    return catchThrowableOfType(
        PreflightException.class, () -> SiblingUri.of(URI.create(model), location));
  }
}
