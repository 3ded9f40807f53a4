package dev.modelserver.operator.resolve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.operator.Yaml;
import dev.modelserver.operator.api.v1alpha1.AddressingStyle;
import dev.modelserver.operator.api.v1alpha1.ModelProxy;
import dev.modelserver.operator.api.v1alpha1.S3Store;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How a source outside the cluster is reached, and what is refused beside which source. */
class SourceOptionsTest {
  private static final String S3 = "uri: 's3://models/iris.onnx'";
  private static final String WITH_KEYS = "credentials: {secretName: keys}";

  @Test
  void everyOptionIsRead() {
    Workload.Model model =
        resolved(
            S3
                + ", file: a/iris.onnx, credentials: {secretName: keys}"
                + ", s3: {endpoint: 'https://Minio.example.com:9000/', region: eu-central-1, addressingStyle: Path}"
                + ", trust: {configMap: {name: company-ca, key: ca.crt}}"
                + ", proxy: {https: 'http://proxy.example.com:3128', noProxy: ['*.svc', 10.0.0.0/8]}");

    assertThat(model.options())
        .isEqualTo(
            new SourceOptions(
                Optional.of("a/iris.onnx"),
                Optional.of(
                    new S3Store(
                        "https://Minio.example.com:9000/", "eu-central-1", AddressingStyle.PATH)),
                Optional.of("keys"),
                Optional.of(new SourceOptions.Trust("company-ca", "ca.crt")),
                Optional.of(
                    new ModelProxy(
                        "http://proxy.example.com:3128", List.of("*.svc", "10.0.0.0/8")))));
    assertThat(origin(model)).isEqualTo(new Origin("minio.example.com", 9000, false));
  }

  @Test
  void nothingIsSaidByDefault() {
    assertThat(resolved("uri: 'https://h/m'").options()).isEqualTo(SourceOptions.NONE);
    assertThat(resolved("configMap: {name: a, key: b}").options()).isEqualTo(SourceOptions.NONE);
  }

  /** The hash does not tell them apart, so nothing else may. */
  @Test
  void anEmptyBlockSaysNothing() {
    assertThat(resolved(S3 + ", s3: {}").options()).isEqualTo(SourceOptions.NONE);
    assertThat(resolved(S3 + ", proxy: {https: 'http://p:1', noProxy: []}").options())
        .isEqualTo(resolved(S3 + ", proxy: {https: 'http://p:1'}").options());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "uri: 'https://h/m', s3: {region: a} | spec.model.s3 needs a spec.model.uri that begins with s3://: remove s3, or use such a URI",
        "uri: 'https://h/m', s3: {} | spec.model.s3 needs a spec.model.uri that begins with s3://",
        "configMap: {name: a, key: b}, s3: {region: a} | spec.model.s3 needs a spec.model.uri",
        "configMap: {name: a, key: b}, credentials: {secretName: a} | spec.model.credentials needs a spec.model.uri of https, http, s3, oci or hf: remove credentials, or use such a URI",
        "persistentVolumeClaim: {claimName: a, path: b}, file: c | spec.model.file needs a spec.model.uri of https,",
        "uri: 'file:///m', trust: {configMap: {name: a, key: b}} | spec.model.trust needs a spec.model.uri of https,",
        "uri: 'file:///m', proxy: {https: 'http://p:1'} | spec.model.proxy needs a spec.model.uri of https,",
        "uri: 'http://h/m?a=b', credentials: {secretName: a} | spec.model.uri \"http://h/m?…\": credentials are never sent over plain http. Use https, or remove spec.model.credentials",
        "uri: 's3://abc/m', s3: {endpoint: 'http://h:9000'}, credentials: {secretName: a} | spec.model.s3.endpoint \"http://h:9000\": credentials are never sent over plain http.",
        "uri: 's3://abc/m', s3: {endpoint: 'https://h/path'} | spec.model.s3.endpoint \"https://h/path\" must be https://HOST or https://HOST:PORT, without a path, a user or a password",
        "uri: 's3://abc/m', s3: {endpoint: 'https://h:0'} | spec.model.s3.endpoint \"https://h:0\" must be",
        "uri: 's3://abc/m', s3: {endpoint: 'https://h:99999'} | spec.model.s3.endpoint \"https://h:99999\" must be",
        "uri: 's3://abc/m', s3: {endpoint: 'h:9000'} | spec.model.s3.endpoint \"h:9000\" must be",
        "uri: 's3://abc/m', s3: {endpoint: ''} | spec.model.s3.endpoint \"\" must be",
        "uri: 's3://abc/m', s3: {region: EU} | spec.model.s3.region \"EU\" must be the name of a region in lower case",
        "uri: 's3://abc/m', s3: {region: 'a.b', endpoint: 'https://h'} | spec.model.s3.region \"a.b\" must be",
        "uri: 's3://abc/m', credentials: {} | spec.model.credentials.secretName is missing: give the name of a Secret",
        "uri: 's3://abc/m', credentials: {secretName: A} | spec.model.credentials.secretName \"A\" must be the name of a Secret",
        "uri: 's3://abc/m', trust: {} | spec.model.trust.configMap is missing: give name and key",
        "uri: 's3://abc/m', trust: {configMap: {name: A, key: b}} | spec.model.trust.configMap.name \"A\" must be",
        "uri: 's3://abc/m', trust: {configMap: {name: a, key: ..data}} | spec.model.trust.configMap.key \"..data\" must be",
        "uri: 's3://abc/m', file: /a | spec.model.file \"/a\" must be a relative path without . or .. segments",
        "uri: 's3://abc/m', file: a/../b | spec.model.file \"a/../b\" must be",
        "uri: 's3://abc/m', file: '' | spec.model.file \"\" must be",
        "uri: 's3://abc/m', proxy: {} | spec.model.proxy.https is missing: give http://HOST:PORT",
        "uri: 's3://abc/m', proxy: {https: 'http://p'} | spec.model.proxy.https \"http://p\" must be http://HOST:PORT, for example",
        "uri: 's3://abc/m', proxy: {https: 'https://p:1'} | spec.model.proxy.https \"https://p:1\" must be http://HOST:PORT",
        "uri: 's3://abc/m', proxy: {https: 'http://p:1/a?secret'} | spec.model.proxy.https \"http://p:1/a?…\" must be",
        "uri: 's3://abc/m', proxy: {https: 'http://p:70000'} | spec.model.proxy.https \"http://p:70000\" must be",
        "uri: 's3://abc/m', proxy: {https: 'http://p:1', noProxy: ['a b']} | spec.model.proxy.noProxy \"a b\" must be a host,",
        "uri: 's3://abc/m', proxy: {https: 'http://p:1', noProxy: ['']} | spec.model.proxy.noProxy \"\" must be a host,",
      })
  void namesTheFieldThatMustChange(String model, String words) {
    assertThat(problems(model)).singleElement().asString().startsWith(words);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://alice:hidden@proxy.example.com:3128",
        "http://hidden@proxy:1",
        "http://alice:hid/hidden@proxy:1",
        "hidden@proxy",
      })
  void aPasswordOfAProxyIsRefusedAndNotShown(String proxy) {
    assertThat(problems(S3 + ", proxy: {https: '%s'}".formatted(proxy)))
        .singleElement()
        .asString()
        .contains("the keys proxy-username and proxy-password")
        .doesNotContain("hidden", "alice");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "*",
        ".example.com",
        "*.svc",
        "a.example.com",
        "10.0.0.0/8",
        "10.1.2.3",
        "2001:db8::/32",
        "::1",
      })
  void hostsAndAddressesAreReachedWithoutTheProxy(String exception) {
    assertThat(
            resolved(S3 + ", proxy: {https: 'http://p:1', noProxy: ['%s']}".formatted(exception))
                .options()
                .proxy()
                .map(ModelProxy::noProxy))
        .contains(List.of(exception));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "s3: {region: eu-central-1} | | s3.eu-central-1.amazonaws.com:443",
        "s3: {region: cn-north-1} | | s3.cn-north-1.amazonaws.com.cn:443",
        "s3: {addressingStyle: Path} | AWS_REGION: eu-west-1 | s3.eu-west-1.amazonaws.com:443",
        "s3: {region: a} | AWS_REGION: eu-west-1 | s3.a.amazonaws.com:443",
        "s3: {endpoint: 'https://h'} | AWS_REGION: eu-west-1 | h:443",
        "s3: {endpoint: 'http://h'} | | h:80",
        "s3: {endpoint: 'https://[2001:db8::1]:9000'} | | [2001:db8::1]:9000",
      })
  void theStoreIsWhereTheSpecSays(String store, @Nullable String variable, String origin) {
    Origin reached = origin(resolved(S3 + ", " + store, variable));

    assertThat(reached.host() + ":" + reached.port()).isEqualTo(origin);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "HF_ENDPOINT: 'https://Hub.example.com' | hub.example.com:443",
        "HF_ENDPOINT: 'https://hub.example.com:8443/api/hf' | hub.example.com:8443",
        "HF_ENDPOINT: 'http://hub.example.com' | hub.example.com:80",
        "HF_ENDPOINT: '' | huggingface.co:443",
        "OTHER: 'https://hub.example.com' | huggingface.co:443",
      })
  void theHubIsWhereTheVariableSays(String variable, String origin) {
    Origin reached = origin(resolved("uri: 'hf://a/b/c@main'", variable));

    assertThat(reached.host() + ":" + reached.port()).isEqualTo(origin);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "value: 'ftp://h' | spec.server.env HF_ENDPOINT \"ftp://h\" must be https://HOST, https://HOST:PORT or https://HOST/PATH",
        "value: 'https://user:secret@h' | spec.server.env HF_ENDPOINT \"https://h\" must be https://HOST",
        "value: 'https://$(HUB)' | spec.server.env HF_ENDPOINT \"https://$(HUB)\" must be",
        "value: 'http://h' | spec.server.env HF_ENDPOINT \"http://h\": credentials are never sent over plain http.",
        "valueFrom: {configMapKeyRef: {name: a, key: b}} | spec.server.env HF_ENDPOINT must have a value beside an hf:// URI, not valueFrom",
      })
  void anAddressOfTheHubThatCannotBeCheckedIsRefused(String value, String words) {
    assertThat(
            problems(
                "uri: 'hf://a/b/c@main', " + WITH_KEYS,
                "server: {env: [{name: HF_ENDPOINT, %s}]}".formatted(value)))
        .singleElement()
        .asString()
        .startsWith(words);
  }

  @Test
  void anUnencryptedStoreIsForDigestsAlone() {
    String plain = S3 + ", s3: {endpoint: 'http://h:9000'}";

    assertThat(resolved(plain).unprotected()).isTrue();
    assertThat(resolved(plain + ", sha256: " + "a".repeat(64)).unprotected()).isFalse();
    assertThat(resolved(S3).unprotected()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "uri: 's3://models/m' | http://default:1",
        "uri: 's3://models/m', proxy: {https: 'http://own:1'} | http://own:1",
        "uri: 'file:///m' |",
        "configMap: {name: a, key: b} |",
      })
  void theOperatorsProxyIsForRemoteModelsThatNameNone(String model, @Nullable String proxy) {
    Resolver resolver =
        new Resolver(
            new Resolver.Settings(
                "image",
                ModelHosts.ANY,
                Duration.ofSeconds(5),
                Optional.empty(),
                List.of(),
                ModelDefaults.parse("{\"proxy\": {\"https\": \"http://default:1\"}}")));

    assertThat(resolver.resolve(Yaml.modelServer("model: {%s}".formatted(model))))
        .isInstanceOfSatisfying(
            Resolution.Accepted.class,
            accepted ->
                assertThat(accepted.server().workload().model().options().proxy())
                    .map(ModelProxy::https)
                    .isEqualTo(Optional.ofNullable(proxy)));
  }

  private static Origin origin(Workload.Model model) {
    return model.source() instanceof ModelSource.Uri(ModelUri.Remote remote)
        ? remote.origin()
        : new Origin("", 0, false);
  }

  private static Workload.Model resolved(String model) {
    return resolved(model, null);
  }

  private static Workload.Model resolved(String model, @Nullable String variable) {
    String env =
        variable == null
            ? ""
            : "\nserver: {env: [{name: %s, value: %s}]}"
                .formatted((Object[]) variable.split(": ", 2));
    return Yaml.resolved("model: {%s}%s".formatted(model, env)).workload().model();
  }

  private static List<String> problems(String model, String... more) {
    String spec = "model: {%s}\n%s".formatted(model, String.join("\n", more));
    return switch (new Resolver(Yaml.SETTINGS).resolve(Yaml.modelServer(spec))) {
      case Resolution.Rejected rejected -> rejected.problems();
      case Resolution.Accepted accepted ->
          throw new AssertionError("accepted: " + accepted.server());
    };
  }
}
