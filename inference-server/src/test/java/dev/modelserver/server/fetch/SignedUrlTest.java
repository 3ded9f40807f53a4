package dev.modelserver.server.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SignedUrlTest {

  @ParameterizedTest
  @CsvSource({
    "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=20240102T030405Z&X-Amz-Expires=3600&X-Amz-Signature=a,"
        + " 2024-01-02T04:04:05Z",
    "x-amz-date=20240102T030405Z&x-amz-expires=60, 2024-01-02T03:05:05Z",
    "X-Goog-Algorithm=GOOG4-RSA-SHA256&X-Goog-Date=20240102T030405Z&X-Goog-Expires=604800,"
        + " 2024-01-09T03:04:05Z",
    "x-oss-date=20240102T030405Z&x-oss-expires=1, 2024-01-02T03:04:06Z",
    "GoogleAccessId=a&Expires=1704164645&Signature=b%2Fc, 2024-01-02T03:04:05Z",
    "AWSAccessKeyId=a&Expires=1704164645&Signature=b, 2024-01-02T03:04:05Z",
    "sv=2022-11-02&se=2024-01-02T03%3A04%3A05Z&sp=r&sig=a, 2024-01-02T03:04:05Z",
    "sv=2022-11-02&se=2024-01-02T03%3A04Z&sig=a, 2024-01-02T03:04:00Z",
    "se=2024-01-02T03:04:05.1234567Z&sig=a, 2024-01-02T03:04:05.123456700Z",
    "se=2024-01-02&sig=a, 2024-01-02T00:00:00Z",
    "se=2024-01-02T03:04:05%2B01:00&sig=a, 2024-01-02T02:04:05Z",
  })
  void readsWhenASignatureEnds(String query, Instant expiry) {
    assertThat(SignedUrl.expiry(URI.create("https://store.example/m.onnx?" + query)))
        .contains(expiry);
  }

  @ParameterizedTest
  @CsvSource({
    "''",
    "?se=2024-01-02",
    "?expires=1704164645",
    "?X-Amz-Date=yesterday&X-Amz-Expires=3600",
    "?X-Amz-Date=20240102T030405Z&X-Amz-Expires=99999999999999999999",
    "?X-Amz-Date=20240102T030405Z&X-Amz-Expires=9223372036854775807",
    "?Expires=soon&Signature=a",
    "?se=&sig=a",
    "?&&=&a",
  })
  void makesNothingOfOtherQueries(String query) {
    assertThat(SignedUrl.expiry(URI.create("https://store.example/m.onnx" + query))).isEmpty();
  }
}
