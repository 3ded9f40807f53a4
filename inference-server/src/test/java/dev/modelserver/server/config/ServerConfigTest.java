package dev.modelserver.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelserver.server.model.ImageDescription;
import dev.modelserver.server.model.ImageDescription.Channels;
import dev.modelserver.server.model.ImageDescription.Fit;
import dev.modelserver.server.model.ImageDescription.Layout;
import dev.modelserver.server.model.ImageDescription.Resize;
import dev.modelserver.server.model.ModelDescription;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServerConfigTest {

  @Test
  void batchingHasDefaults() throws ConfigurationException {
    assertThat(serving("{}").batching()).isEqualTo(new BatchingConfig(null, Duration.ZERO, 256));
    assertThat(serving("{\"batching\": {}}").batching())
        .isEqualTo(new BatchingConfig(null, Duration.ZERO, 256));
  }

  @Test
  void batchingIsReadInItsUnits() throws ConfigurationException {
    assertThat(
            serving(
                    "{\"batching\": {\"maxBatchSize\": 32, \"maxDelayMicroseconds\": 1500,"
                        + " \"maxQueueSize\": 512}}")
                .batching())
        .isEqualTo(new BatchingConfig(32, Duration.ofNanos(1_500_000), 512));
  }

  @ParameterizedTest
  @CsvSource({
    "maxBatchSize, 0, 1 to 1024",
    "maxBatchSize, 1025, 1 to 1024",
    "maxDelayMicroseconds, -1, 0 to 1000000",
    "maxDelayMicroseconds, 1000001, 0 to 1000000",
    "maxDelayMicroseconds, 0.5, 0 to 1000000",
    "maxQueueSize, 0, 1 to 10000",
    "maxQueueSize, 10001, 1 to 10000",
  })
  void batchingOutOfBoundsIsNamedWithItsValueAndRange(String field, String value, String range) {
    assertThatThrownBy(() -> serving("{\"batching\": {\"%s\": %s}}".formatted(field, value)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage("server.batching.%s is %s; it takes an integer from %s", field, value, range);
  }

  @Test
  void withoutTlsAndTokensThereIsNeither() throws ConfigurationException {
    assertThat(serving("{}").tls()).isNull();
    assertThat(serving("{\"tls\": null, \"authentication\": null}").authentication()).isNull();
  }

  @Test
  void tlsAndAuthenticationAreRead() throws ConfigurationException {
    ServingConfig serving =
        serving(
            "{\"tls\": {\"mode\": \"Strict\", \"secretName\": \"iris-tls\", \"names\": [\"iris\","
                + " \"iris.prod.svc\"]}, \"authentication\": {\"mode\": \"Permissive\","
                + " \"secretName\": \"iris-tokens\"}}");

    assertThat(serving.tls())
        .isEqualTo(
            new TlsConfig(SecurityMode.STRICT, "iris-tls", List.of("iris", "iris.prod.svc")));
    assertThat(serving.authentication())
        .isEqualTo(new AuthenticationConfig(SecurityMode.PERMISSIVE, "iris-tokens"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"secretName\": \"s\"} | %smode is missing; the configuration needs it",
        "{\"mode\": \"strict\", \"secretName\": \"s\"} | %smode is \"strict\"; it takes Permissive or Strict",
        "{\"mode\": \"Strict\"} | %ssecretName is missing; the configuration needs it",
      })
  void aModeOrASecretThatIsNotThereIsNamed(String value, String message) {
    for (String field : List.of("tls", "authentication")) {
      assertThatThrownBy(() -> serving("{\"%s\": %s}".formatted(field, value)))
          .isInstanceOf(ConfigurationException.class)
          .hasMessage(message, "server." + field + ".");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/iris", "/team-a/iris.v1", "/a~b_c", "/...", "/v3", "/V2", "/x/predict"})
  void thePathPrefixIsRead(String prefix) throws ConfigurationException {
    assertThat(serving("{}").pathPrefix()).isNull();
    assertThat(serving("{\"pathPrefix\": \"%s\"}".formatted(prefix)).pathPrefix())
        .isEqualTo(prefix);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "/", "iris", "/iris/", "/a//b", "/a/../b", "/a/.", "/..", "/a b", "/a%20", "/a?b", "/é",
        "/a:b", "/*"
      })
  void whatIsNoPathPrefixIsRefused(String prefix) {
    assertThatThrownBy(() -> serving("{\"pathPrefix\": \"%s\"}".formatted(prefix)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            "server.pathPrefix is \"%s\"; it takes a path of at most 253 characters such as /iris:"
                + " segments of letters, digits, -, ., _ and ~, without a slash at the end",
            prefix);
    String long254 = "/" + "a".repeat(253);
    assertThatThrownBy(() -> serving("{\"pathPrefix\": \"%s\"}".formatted(long254)))
        .hasMessageContaining("at most 253 characters");
  }

  /** Below such a prefix a path of the server could mean two things. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/docs",
        "/health",
        "/info",
        "/metrics/x",
        "/openapi.json",
        "/predict",
        "/q",
        "/ready",
        "/v1/iris",
        "/v2"
      })
  void thePathsOfTheServerAreNoPathPrefix(String prefix) {
    assertThatThrownBy(() -> serving("{\"pathPrefix\": \"%s\"}".formatted(prefix)))
        .hasMessage(
            "server.pathPrefix is \"%s\"; it takes another first segment than %s, which is one of"
                + " the server's own",
            prefix, prefix.split("/")[1]);
  }

  @Test
  void theRuntimeHasDefaults() throws ConfigurationException {
    int processors = Runtime.getRuntime().availableProcessors();
    assertThat(serving("{}").runtime()).isEqualTo(new RuntimeConfig(processors, 1, true));
    assertThat(serving("{\"runtime\": {\"instances\": 0}}").runtime())
        .isEqualTo(new RuntimeConfig(processors, 1, true));
    assertThat(serving("{\"runtime\": {\"intraOpThreads\": 256}}").runtime())
        .as("one run at a time takes them all")
        .isEqualTo(new RuntimeConfig(1, 256, true));
  }

  @Test
  void theRuntimeIsRead() throws ConfigurationException {
    RuntimeConfig runtime =
        serving(
                "{\"runtime\": {\"instances\": 3, \"intraOpThreads\": 2, \"memoryArena\":"
                    + " \"Disabled\"}}")
            .runtime();

    assertThat(runtime).isEqualTo(new RuntimeConfig(3, 2, false));
    assertThat(runtime.threads()).isEqualTo(6);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "instances|-1|an integer from 0 to 256",
        "instances|257|an integer from 0 to 256",
        "intraOpThreads|0|an integer from 1 to 256",
        "intraOpThreads|257|an integer from 1 to 256",
        "memoryArena|\"Off\"|Enabled or Disabled",
        "memoryArena|true|a string",
      })
  void aRuntimeThatCannotBeIsNamed(String field, String value, String takes) {
    assertThatThrownBy(() -> serving("{\"runtime\": {\"%s\": %s}}".formatted(field, value)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage("server.runtime.%s is %s; it takes %s", field, value, takes);
  }

  @Test
  void theModelHasOneLocation() throws ConfigurationException {
    assertThat(location("\"configMap\":{\"name\":\"iris\",\"key\":\"m.onnx\"}"))
        .isEqualTo(new ModelLocation.ConfigMapKey("iris", "m.onnx"));
    assertThat(location("\"persistentVolumeClaim\":{\"claimName\":\"models\",\"path\":\"a/b\"}"))
        .isEqualTo(new ModelLocation.ClaimFile("models", "a/b"));
    String uri = "https://host/m?sig=" + "a".repeat(8000);
    assertThat(location("\"uri\":\"%s\"".formatted(uri)))
        .isEqualTo(new ModelLocation.Uri(uri))
        .asString()
        .doesNotContain("sig");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'version':'v1'|model names 0 sources; it takes exactly one of uri, configMap and persistentVolumeClaim",
        "'uri':'file:///m','configMap':{'name':'a','key':'b'}|model names 2 sources",
        "'configMap':{'name':'a'}|model.configMap.key is missing",
        "'persistentVolumeClaim':{'path':'b'}|model.persistentVolumeClaim.claimName is missing",
        "'configMap':'iris'|model.configMap is \"iris\"; it takes an object",
        "'uri':''|model.uri is missing",
      },
      quoteCharacter = '`')
  void aLocationThatCannotBeIsNamed(String model, String words) {
    assertThatThrownBy(() -> location(model.replace('\'', '"')))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith(words);
  }

  private static ModelLocation location(String model) throws ConfigurationException {
    String json = "{\"model\": {\"name\": \"m\", %s}}".formatted(model);
    return ServerConfig.parse(json.getBytes(StandardCharsets.UTF_8)).model().location();
  }

  @Test
  void anImageThatSaysNothingIsNone() throws ConfigurationException {
    assertThat(description("{}").image()).isNull();
    assertThat(description("{\"image\": null}").image()).isNull();
    assertThat(description("{\"image\": {}}").image()).isNull();
  }

  @Test
  void theImageIsRead() throws ConfigurationException {
    assertThat(
            description(
                    """
                    {"image": {"width": 224, "height": 192, "channels": "BGR", "layout": "NHWC",
                     "resize": "bilinear", "fit": "crop", "cropFraction": 0.875,
                     "padValue": 127, "scale": 0.5, "mean": [1, 2, 3], "std": [0.5], "other": 1}}
                    """)
                .image())
        .isEqualTo(
            new ImageDescription(
                224,
                192,
                Channels.BGR,
                Layout.NHWC,
                Resize.BILINEAR,
                Fit.CROP,
                0.875,
                127,
                0.5,
                List.of(1.0, 2.0, 3.0),
                List.of(0.5)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "width|0|an integer from 1 to 4096",
        "height|4097|an integer from 1 to 4096",
        "width|\"x\"|an integer from 1 to 4096",
        "channels|\"RGBA\"|rgb or bgr or gray",
        "layout|1|nchw or nhwc",
        "resize|\"nearest\"|bicubic or bilinear",
        "fit|\"pad\"|stretch or crop or letterbox",
        "cropFraction|1.01|a number from 0.01 to 1",
        "padValue|256|an integer from 0 to 255",
        "padValue|-1|an integer from 0 to 255",
        "padValue|114.5|an integer from 0 to 255",
        "scale|0|a number above 0",
        "mean|[1,2]|1 number or 3",
        "mean|1e999|1 number or 3",
        "std|[1,1,0]|1 number or 3, above 0",
        "std|[]|1 number or 3, above 0",
      })
  void anImageThatCannotBeIsNamed(String field, String value, String takes) {
    assertThatThrownBy(() -> description("{\"image\": {\"%s\": %s}}".formatted(field, value)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith("model.description.image.%s is ", field)
        .hasMessageEndingWith("; it takes %s", takes);
  }

  private static ModelDescription description(String description) throws ConfigurationException {
    String json =
        "{\"model\": {\"name\": \"m\", \"uri\": \"file:///m.onnx\", \"description\": %s}}"
            .formatted(description);
    return ServerConfig.parse(json.getBytes(StandardCharsets.UTF_8)).model().description();
  }

  @Test
  void anotherFileThanThePodWasMadeForIsRefused() throws ConfigurationException {
    Path file = Path.of("config.json");
    byte[] json = "{}\n".getBytes(StandardCharsets.UTF_8);
    String digest = "ca3d163bab055381827226140568f3bef7eaac187cebd76878e0b63e9e442356";

    ServerConfig.requireDigest(Optional.empty(), json, file);
    ServerConfig.requireDigest(Optional.of(digest), json, file);
    assertThatThrownBy(() -> ServerConfig.requireDigest(Optional.of("00"), json, file))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            "config.json has the SHA-256 %s, and this pod was made for 00: somebody replaced its ConfigMap; the operator puts the right one back: delete this pod, and a new one gets it"
                .formatted(digest));
  }

  @Test
  void everyEndpointIsShownUnlessDisabled() throws ConfigurationException {
    assertThat(Endpoint.values()).allMatch(serving("{}")::shows);
    ServingConfig some =
        serving(
            "{\"endpoints\": {\"metrics\": \"Disabled\", \"info\": \"Enabled\", \"openApi\":"
                + " \"Disabled\"}}");

    assertThat(some.shows(Endpoint.INFO)).isTrue();
    assertThat(some.shows(Endpoint.GRPC_REFLECTION)).isTrue();
    assertThat(some.shows(Endpoint.METRICS)).isFalse();
    assertThat(some.shows(Endpoint.OPEN_API)).isFalse();
    assertThat(some.shows(Endpoint.DOCS)).as("it draws the document").isFalse();
    assertThatThrownBy(() -> serving("{\"endpoints\": {\"info\": \"off\"}}"))
        .hasMessage("server.endpoints.info is \"off\"; it takes Enabled or Disabled");
  }

  private static ServingConfig serving(String server) throws ConfigurationException {
    String json =
        "{\"model\": {\"name\": \"m\", \"uri\": \"file:///m.onnx\"}, \"server\": %s}"
            .formatted(server);
    return ServerConfig.parse(json.getBytes(StandardCharsets.UTF_8)).serving();
  }
}
