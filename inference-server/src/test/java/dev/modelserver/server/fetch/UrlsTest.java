package dev.modelserver.server.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The operator has the same rules (its UrlsTest). */
class UrlsTest {

  @ParameterizedTest
  @CsvSource({
    "https://host/m.onnx, https://host/m.onnx",
    "https://host:8443/a@b/m.onnx, https://host:8443/a@b/m.onnx",
    "https://host/m.onnx?sig=secret, https://host/m.onnx?…",
    "https://host/m.onnx?a=b?sig=secret#x, https://host/m.onnx?…",
    "https://host/m.onnx#secret, https://host/m.onnx#…",
    "https://user:secret@host/m.onnx, https://host/m.onnx",
    "https://user:sec/secret@host/m.onnx, https://host/m.onnx",
    "'https://host/m.onnx?a\nsecret', https://host/m.onnx?…",
  })
  void showsNoSecret(String url, String shown) {
    assertThat(Urls.shown(url)).isEqualTo(shown);
  }

  @Test
  void cutsALongOne() {
    assertThat(Urls.shown("https://host/" + "a".repeat(8000))).hasSize(301).endsWith("a…");
  }
}
