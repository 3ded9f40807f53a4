package dev.modelserver.server.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpExchange;
import dev.modelserver.server.config.ModelLocation;
import dev.modelserver.server.verdict.PreflightException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every way in which a download can fail, with every kind of credentials: none is shown. */
class SecretsStaySecretTest {

  private static final String SECRET = "s3cr3t-value";
  private static final String SIGNATURE = "s1gnature";

  private static final List<Map<String, String>> KEYS =
      List.of(
          Map.of("headers", "X-Key: " + SECRET + "\nAuthorization: Bearer " + SECRET),
          Map.of("username", "web", "password", SECRET),
          Map.of("HF_TOKEN", SECRET));

  private static final List<String> PATHS =
      List.of(
          "/400",
          "/401",
          "/403",
          "/404",
          "/410",
          "/416",
          "/418",
          "/206",
          "/500",
          "/503",
          "/cut",
          "/loop",
          "/large",
          "/to-http",
          "/to-file",
          "/to-user",
          "/to-nothing",
          "/echo-host",
          "/echo-path",
          "/echo-query");

  @TempDir Path folder;
  private final List<String> sentences = new ArrayList<>();

  @Test
  @SuppressWarnings("SystemOut") // the log of preflight
  void noFailureShowsACredential() throws Exception {
    PrintStream log = System.err;
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    System.setErr(new PrintStream(written, true, StandardCharsets.UTF_8));
    try (TlsStore store = new TlsStore(SecretsStaySecretTest::answer);
        ConnectProxy good = new ConnectProxy("200 OK", Optional.empty());
        ConnectProxy closed = new ConnectProxy("403 Forbidden", Optional.empty());
        ConnectProxy other = new ConnectProxy("200 OK", Optional.of("Basic b3RoZXI="))) {
      for (Map<String, String> keys : KEYS) {
        for (String path : PATHS) {
          fail(store, keys, path, Optional.empty(), TlsStore.trust());
        }
        fail(store, keys, "/403", Optional.empty(), Trust.PUBLIC);
        for (ConnectProxy proxy : List.of(good, closed, other)) {
          fail(
              store,
              keys,
              "/403",
              Optional.of(proxy.proxy(Optional.of("web"), Optional.of(SECRET))),
              TlsStore.trust());
        }
      }
    } finally {
      System.setErr(log);
    }

    assertThat(sentences).hasSizeGreaterThan(60);
    assertThat(String.join("\n", sentences) + written.toString(StandardCharsets.UTF_8))
        .doesNotContain(SECRET, SIGNATURE, "Bearer ", "Basic ", "d2ViOnMz");
    assertThat(sentences.stream().filter(sentence -> sentence.contains("…")))
        .as("what the server repeated")
        .isNotEmpty();
  }

  private void fail(
      TlsStore store,
      Map<String, String> given,
      String path,
      Optional<HttpProxy> proxy,
      Trust trust)
      throws PreflightException {
    Map<String, String> keys = new HashMap<>(given);
    keys.put("proxy-password", SECRET);
    StoreAccess patient = TlsStore.access(keys, trust, proxy);
    StoreAccess access =
        new StoreAccess(
            new Network(patient.network().policy(), TlsStore.HASTY),
            patient.hosts(),
            patient.credentials(),
            trust,
            proxy);
    SourceReader reader =
        given.containsKey("HF_TOKEN")
            ? HubDownload.of(
                (ModelSource.HubFile)
                    ModelSource.of(
                        new ModelLocation.Uri("hf://org/repo%s@main".formatted(path)), folder),
                Optional.of(store.uri("").toString()),
                access)
            : new Download(store.uri(path + "?sig=" + SIGNATURE), access);
    PreflightException failure =
        catchThrowableOfType(
            PreflightException.class,
            () ->
                new SecretFilter(reader, access.credentials())
                    .copyModel(new ModelStore(folder, 1000)));
    assertThat(failure).as(path).isNotNull();
    sentences.add(failure.sentence());
  }

  private static void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath().replaceFirst("^/org/repo/resolve/main", "");
    try (exchange) {
      switch (path) {
        case "/cut" -> {
          exchange.sendResponseHeaders(200, 100);
          exchange.getResponseBody().write(1);
        }
        case "/large" -> exchange.sendResponseHeaders(200, 2000);
        case "/loop" -> redirect(exchange, "/loop");
        case "/to-http" -> redirect(exchange, "http://plain.example/" + key(exchange));
        case "/to-file" -> redirect(exchange, "file:///" + key(exchange));
        case "/to-user" -> redirect(exchange, "https://%s@store.example/".formatted(key(exchange)));
        case "/to-nothing" -> redirect(exchange, "http://[" + key(exchange));
        case "/echo-host" -> redirect(exchange, "https://%s.invalid/".formatted(key(exchange)));
        case "/echo-path" -> redirect(exchange, "/404/" + key(exchange));
        case "/echo-query" -> redirect(exchange, "/404/?key=" + key(exchange));
        default ->
            exchange.sendResponseHeaders(
                Integer.parseInt(path.replaceFirst("^/(\\d+).*$", "$1")), -1);
      }
    }
  }

  /** What the request has as a secret, as a server sees it. */
  private static String key(HttpExchange exchange) {
    String authorization = exchange.getRequestHeaders().getFirst("Authorization");
    return authorization == null
        ? "none"
        : authorization.startsWith("Basic") ? SECRET : authorization.replaceFirst("Bearer ", "");
  }

  private static void redirect(HttpExchange exchange, String to) throws IOException {
    exchange.getResponseHeaders().set("Location", to);
    exchange.sendResponseHeaders(302, -1);
  }
}
