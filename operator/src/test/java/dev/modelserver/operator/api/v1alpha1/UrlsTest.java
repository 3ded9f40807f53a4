package dev.modelserver.operator.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The server has the same rules (its UrlsTest). */
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
    assertThat(Urls.redacted(url)).isEqualTo(shown);
  }

  @Test
  void cutsALongOne() {
    assertThat(Urls.redacted("https://host/" + "a".repeat(8000))).hasSize(301).endsWith("a…");
  }

  @ParameterizedTest
  @CsvSource({
    "denied: {\"uri\":\"https://h/m?sig=secret\"}; ask, denied: {\"uri\":\"https://h/m?…\"}; ask",
    "get https://h/m?sig=secret#a and http://h/n?b now, get https://h/m?… and http://h/n?… now",
    "https://h/m?… answered 404; correct it, https://h/m?… answered 404; correct it",
    "Post \"https://hook/v?timeout=10s\": EOF, Post \"https://hook/v?timeout=10s\": EOF",
    "Post https://hook/v?timeout=10s&sig=secret EOF, Post https://hook/v?… EOF",
    "is this all?yes, is this all?yes",
  })
  void hidesTheQueriesInAText(String text, String shown) {
    assertThat(Urls.redactedIn(text)).isEqualTo(shown);
  }
}
