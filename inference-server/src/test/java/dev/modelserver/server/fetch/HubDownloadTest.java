package dev.modelserver.server.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpExchange;
import dev.modelserver.server.config.ModelLocation;
import dev.modelserver.server.model.Digest;
import dev.modelserver.server.verdict.PreflightException;
import dev.modelserver.server.verdict.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against a stand-in for the hub and its host for downloads. */
class HubDownloadTest {

  private static final byte[] MODEL = "the bytes of a model".getBytes(StandardCharsets.UTF_8);
  private static final Map<String, String> TOKEN = Map.of("HF_TOKEN", "hf_s3cr3t\n");

  @TempDir Path folder;
  private final Queue<String> requests = new ConcurrentLinkedQueue<>();
  private TlsStore hub;
  private TlsStore downloads;

  @BeforeEach
  void start() throws Exception {
    hub = new TlsStore(this::answer);
    downloads = new TlsStore(this::download);
  }

  @AfterEach
  void stop() {
    hub.close();
    downloads.close();
  }

  @Test
  void asksTheHubWithTheTokenAndTheDownloadHostWithout() throws PreflightException {
    HubDownload reader = reader("hf://org/repo/onnx/model.onnx@refs/pr/1", TOKEN);

    assertThat(reader.fileName()).isEqualTo("model.onnx");
    assertThat(reader.copyModel(new ModelStore(folder, 1000))).isEqualTo(Digest.of(MODEL));
    assertThat(reader.copyExternal("model.onnx_data", new ModelStore(folder, 1000)))
        .isEqualTo(Digest.of(MODEL));
    assertThat(requests)
        .containsExactly(
            "/org/repo/resolve/refs%2Fpr%2F1/onnx/model.onnx Bearer hf_s3cr3t",
            "/cdn/good null",
            "/org/repo/resolve/refs%2Fpr%2F1/onnx/model.onnx_data Bearer hf_s3cr3t",
            "/cdn/good null");
  }

  @Test
  void needsNoTokenForAPublicRepository() throws PreflightException {
    assertThat(
            reader("hf://org/repo/m.onnx@main", Map.of()).copyModel(new ModelStore(folder, 1000)))
        .isEqualTo(Digest.of(MODEL));
    assertThat(requests).contains("/org/repo/resolve/main/m.onnx null");
  }

  @Test
  void aFileWithAnotherSha256ThanTheHubNamesIsRefused() {
    PreflightException failure = refused("hf://org/damaged/m.onnx@main", Map.of());

    assertThat(failure.reason()).isEqualTo(Reason.DownloadFailed);
    assertThat(failure.sentence()).contains("X-Linked-Etag");
  }

  @Test
  void aPrivateRepositoryIsExplained() {
    assertThat(refused("hf://org/private/m.onnx@main", Map.of()).sentence())
        .contains("answered 401 for repository org/private", "private or gated", "HF_TOKEN");
    PreflightException failure = refused("hf://org/private/m.onnx@main", TOKEN);
    assertThat(failure.reason()).isEqualTo(Reason.DownloadForbidden);
    assertThat(failure.sentence())
        .contains("repository org/private", "the token (HF_TOKEN of Secret keys) may not read it")
        .doesNotContain("s3cr3t");
  }

  @ParameterizedTest
  @CsvSource({
    "hf://org/no-entry/m.onnx@v1, revision v1 has no such file",
    "hf://org/no-revision/m.onnx@v1, it has no revision v1",
    "hf://org/nothing/m.onnx@v1, 404 for repository org/nothing",
  })
  void missingThingsAreNamed(String uri, String problem) {
    PreflightException failure = refused(uri, Map.of());

    assertThat(failure.reason()).isEqualTo(Reason.ModelNotFound);
    assertThat(failure.sentence()).contains(problem);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hf://org/repo/m.onnx",
        "hf://org/repo@main",
        "hf://org/m.onnx@main",
        "hf://org/repo/m.onnx@",
        "hf://org/../m.onnx@main",
        "hf://org/repo/../m.onnx@main",
        "hf://org/repo/%2e%2E/m.onnx@main",
        "hf://org/repo//m.onnx@main",
        "hf://org/repo/m.onnx?x=1@main",
        "hf://user:pass@org/repo/m.onnx@main"
      })
  void refusesOtherForms(String uri) {
    PreflightException failure = catchThrowableOfType(PreflightException.class, () -> source(uri));

    assertThat(failure.reason()).isEqualTo(Reason.InvalidConfiguration);
    assertThat(failure.sentence()).contains("correct spec.model.uri");
  }

  @Test
  void sendsNoTokenOverPlainHttp() throws PreflightException {
    HubDownload plain =
        HubDownload.of(
            source("hf://org/repo/m.onnx@main"),
            Optional.of("http://hub.example"),
            TlsStore.access(TOKEN, Trust.PUBLIC, Optional.empty()));
    PreflightException failure =
        catchThrowableOfType(
            PreflightException.class, () -> plain.copyModel(new ModelStore(folder, 1000)));

    assertThat(failure.reason()).isEqualTo(Reason.InvalidConfiguration);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"hub.example", "ftp://hub", "https://a:b@hub", "https://hub?x=s3cr3t", "https://"})
  void refusesOtherEndpoints(String endpoint) {
    PreflightException failure =
        catchThrowableOfType(
            PreflightException.class,
            () ->
                HubDownload.of(
                    source("hf://org/repo/m.onnx@main"),
                    Optional.of(endpoint),
                    TlsStore.access(Map.of(), Trust.PUBLIC, Optional.empty())));

    assertThat(failure.sentence())
        .startsWith("the variable HF_ENDPOINT is not")
        .doesNotContain("s3cr3t");
  }

  @Test
  void thePublicHubIsTheDefault() throws PreflightException {
    HubDownload reader =
        HubDownload.of(
            source("hf://org/repo/m.onnx@main"),
            Optional.empty(),
            TlsStore.access(Map.of(), Trust.PUBLIC, Optional.empty()));

    assertThat(reader.hub()).hasToString("https://huggingface.co");
  }

  private PreflightException refused(String uri, Map<String, String> keys) {
    return catchThrowableOfType(
        PreflightException.class, () -> reader(uri, keys).copyModel(new ModelStore(folder, 1000)));
  }

  private HubDownload reader(String uri, Map<String, String> keys) throws PreflightException {
    return HubDownload.of(
        source(uri),
        Optional.of(hub.uri("/").toString()),
        TlsStore.access(keys, TlsStore.trust(), Optional.empty()));
  }

  private static ModelSource.HubFile source(String uri) throws PreflightException {
    return (ModelSource.HubFile) ModelSource.of(new ModelLocation.Uri(uri), Path.of("/nowhere"));
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = note(exchange);
    try (exchange) {
      if (path.startsWith("/org/private/")) {
        exchange.getResponseHeaders().set("X-Error-Code", "GatedRepo");
        exchange.sendResponseHeaders(401, -1);
      } else if (path.startsWith("/org/no-entry/")) {
        exchange.getResponseHeaders().set("X-Error-Code", "EntryNotFound");
        exchange.sendResponseHeaders(404, -1);
      } else if (path.startsWith("/org/no-revision/")) {
        exchange.getResponseHeaders().set("X-Error-Code", "RevisionNotFound");
        exchange.sendResponseHeaders(404, -1);
      } else if (path.startsWith("/org/nothing/")) {
        exchange.sendResponseHeaders(404, -1);
      } else {
        String good = path.startsWith("/org/damaged/") ? "damaged" : "good";
        exchange
            .getResponseHeaders()
            .set("X-Linked-Etag", "\"%s\"".formatted(Digest.of(MODEL).hex()));
        exchange
            .getResponseHeaders()
            .set("Location", downloads.uri("/cdn/%s?Signature=abc".formatted(good)).toString());
        exchange.sendResponseHeaders(302, -1);
      }
    }
  }

  private void download(HttpExchange exchange) throws IOException {
    byte[] body =
        note(exchange).equals("/cdn/good") ? MODEL : "others".getBytes(StandardCharsets.UTF_8);
    try (exchange) {
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private String note(HttpExchange exchange) {
    String path = exchange.getRequestURI().getRawPath();
    requests.add(path + " " + exchange.getRequestHeaders().getFirst("Authorization"));
    return path;
  }
}
