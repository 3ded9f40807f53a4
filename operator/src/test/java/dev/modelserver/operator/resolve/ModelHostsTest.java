package dev.modelserver.operator.resolve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The server reads the same patterns in the same way: the cases of its AllowedHostsTest. */
class ModelHostsTest {

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
        "[2001:db8::1]:9000 | https://[2001:db8::1]/a | false",
        "s3.us-east-1.amazonaws.com | s3://models/iris.onnx | true",
        "*.s3.us-east-1.amazonaws.com | s3://models/iris.onnx | false",
        "registry.example.com:5000 | oci://Registry.example.com:5000/a:1 | true",
        "registry.example.com:443 | oci://registry.example.com/a:1 | true",
        "registry.example.com | oci://registry.example.com.evil.test/a:1 | false",
        "huggingface.co | hf://a/b/c@main | true",
        "*.huggingface.co | hf://a/b/c@main | false"
      })
  void aPatternMeansHostsAndPorts(String pattern, String uri, boolean allowed) {
    Origin origin = ((ModelUri.Remote) ModelUri.parse(uri, StoreAddresses.PUBLIC)).origin();

    assertThat(new ModelHosts(List.of("other.test", pattern)).allow(origin)).isEqualTo(allowed);
    assertThat(ModelHosts.ANY.allow(origin)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "*",
        "*.",
        "Models.example.com",
        "https://models.example.com",
        "models.example.com/a",
        "a.*.example.com",
        "models.example.com:",
        "models.example.com:port",
        "models.example.com.",
        "[2001:DB8::1]",
        "a b"
      })
  void anotherFormIsNotAccepted(String pattern) {
    assertThatThrownBy(() -> new ModelHosts(List.of(pattern)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "modelHosts has \"%s\": write a host in lower case, such as models.example.com, models.example.com:8443 or *.example.com"
                .formatted(pattern));
  }
}
