package dev.modelserver.server.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelserver.server.config.ModelLocation;
import dev.modelserver.server.config.SourceConfig;
import dev.modelserver.server.verdict.PreflightException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class S3EndpointTest {

  /** Not every bucket can be the name of a host, and a key has any character. */
  @Test
  void messagesNameEveryObject() {
    assertThat(S3Fetch.uri(new ModelSource.S3Object("models.2024", "a b/c%d.onnx")))
        .hasToString("s3://models.2024/a%20b/c%25d.onnx");
  }

  @ParameterizedTest
  @CsvSource({
    "eu-central-1, https://s3.eu-central-1.amazonaws.com",
    "us-east-1, https://s3.us-east-1.amazonaws.com",
    "cn-north-1, https://s3.cn-north-1.amazonaws.com.cn",
    "xx-new-9, https://s3.xx-new-9.amazonaws.com",
  })
  void ofAws(String region, String uri) throws PreflightException {
    S3Endpoint endpoint = S3Endpoint.of(new SourceConfig.S3(null, region, false));

    assertThat(endpoint.uri()).hasToString(uri);
    assertThat(endpoint.named()).isFalse();
  }

  @Test
  void withoutAnyConfigurationItIsThatOfUsEast() throws PreflightException {
    assertThat(S3Endpoint.of(null).uri()).hasToString("https://s3.us-east-1.amazonaws.com");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ftp://h",
        "https://",
        "https://a:b@h",
        "https://h/path",
        "https://h?q=1",
        "not a url",
        "h:9",
      })
  void refusesWhatIsNoEndpoint(String text) {
    assertThatThrownBy(() -> S3Endpoint.of(new SourceConfig.S3(text, null, true)))
        .isInstanceOf(PreflightException.class)
        .hasMessageContaining("spec.model.s3.endpoint")
        .hasMessageNotContaining("a:b");
    assertThatThrownBy(() -> S3Endpoint.of(new SourceConfig.S3(null, "a.evil.example/", true)))
        .hasMessageContaining("spec.model.s3.region");
  }

  @ParameterizedTest
  @CsvSource({
    "s3://bucket/m.onnx, bucket, m.onnx",
    "s3://a.b-c/folder/a%20b c+?#.onnx, a.b-c, folder/a%20b c+?#.onnx",
    "s3://bucket//m.onnx, bucket, /m.onnx",
  })
  void readsUris(String uri, String bucket, String key) throws PreflightException {
    assertThat(ModelSource.of(new ModelLocation.Uri(uri), Path.of("/")))
        .isEqualTo(new ModelSource.S3Object(bucket, key));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "s3://",
        "s3://bucket",
        "s3://bucket/",
        "s3://bucket/folder/",
        "s3://B/key",
        "s3://b_c/key",
        "s3://bucket/../key",
        "s3://bucket/a/./b",
        "s3://u:p@bucket/key",
        "S3://bucket/key",
      })
  void refusesUris(String uri) {
    assertThatThrownBy(() -> ModelSource.of(new ModelLocation.Uri(uri), Path.of("/")))
        .isInstanceOf(PreflightException.class)
        .hasMessageContaining("correct spec.model.uri")
        .hasMessageNotContaining("u:p");
  }
}
