package dev.modelserver.server.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The operator reads the same patterns in the same way: the cases of its ModelHostsTest. */
class AllowedHostsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "models.example.com | https://models.example.com/a | true",
        "models.example.com | https://MODELS.Example.com./a | true",
        "models.example.com | http://models.example.com:8080/a | true",
        "models.example.com | https://example.com/a | false",
        "models.example.com | https://models.example.com.evil.test/a | false",
        "models.example.com | https://xmodels.example.com/a | false",
        "models.example.com:8443 | https://models.example.com:8443/a | true",
        "models.example.com:8443 | https://models.example.com/a | false",
        "models.example.com:443 | https://models.example.com/a | true",
        "models.example.com:443 | http://models.example.com/a | false",
        "models.example.com:80 | http://models.example.com/a | true",
        "*.example.com | https://a.example.com/a | true",
        "*.example.com | https://a.b.example.com/a | true",
        "*.example.com | https://example.com/a | false",
        "*.example.com | https://badexample.com/a | false",
        "*.example.com:9000 | https://a.example.com:9000/a | true",
        "*.example.com:9000 | https://a.example.com/a | false",
        "10.1.2.3 | http://10.1.2.3:9000/a | true",
        "[2001:db8::1] | https://[2001:db8::1]/a | true",
        "[2001:db8::1]:9000 | https://[2001:db8::1]:9000/a | true",
        "[2001:db8::1]:9000 | https://[2001:db8::1]/a | false"
      })
  void aPatternMeansHostsAndPorts(String pattern, URI uri, boolean allowed) {
    assertThat(new AllowedHosts(List.of("other.test", pattern)).allow(uri)).isEqualTo(allowed);
    assertThat(AllowedHosts.ANY.allow(uri)).isTrue();
  }
}
