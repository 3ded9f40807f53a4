package dev.modelserver.server.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpExchange;
import dev.modelserver.server.model.Digest;
import dev.modelserver.server.verdict.PreflightException;
import dev.modelserver.server.verdict.Reason;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store of https behind a forward proxy. */
class DownloadProxyTest {

  private static final byte[] MODEL = "the bytes of a model".getBytes(StandardCharsets.UTF_8);
  private static final String SECRET = "s3cr3t-value";
  private static final String BASIC = "Basic d2ViOnMzY3IzdC12YWx1ZQ==";
  private static final Map<String, String> KEYS = Map.of("username", "web", "password", SECRET);
  private static final Map<String, String> PROXY_KEYS =
      Map.of("proxy-username", "web", "proxy-password", SECRET);

  @TempDir Path folder;
  private final Queue<String> requests = new ConcurrentLinkedQueue<>();
  private TlsStore store;

  @BeforeEach
  void start() throws Exception {
    store = new TlsStore(this::answer);
  }

  @AfterEach
  void stop() {
    store.close();
  }

  @Test
  void aProxyLeadsToTheStore() throws Exception {
    try (ConnectProxy proxy = new ConnectProxy("200 OK", Optional.of(BASIC))) {
      HttpProxy with = proxy.proxy(Optional.of("web"), Optional.of(SECRET));
      assertThat(fetch("/here", TlsStore.access(KEYS, TlsStore.trust(), Optional.of(with))))
          .isEqualTo(Digest.of(MODEL));

      assertThat(proxy.heads).isNotEmpty().allMatch(head -> head.startsWith("CONNECT localhost:"));
      assertThat(proxy.heads).noneMatch(head -> head.contains("\r\nAuthorization"));
      assertThat(requests).containsExactly("/here " + BASIC, "/ok " + BASIC);
    }
  }

  @Test
  void aHostOfNoProxyIsReachedWithout() throws Exception {
    try (ConnectProxy proxy = new ConnectProxy("200 OK", Optional.empty())) {
      HttpProxy without = proxy.proxy(Optional.empty(), Optional.empty(), "localhost");
      var _ = fetch("/ok", TlsStore.access(Map.of(), TlsStore.trust(), Optional.of(without)));

      assertThat(proxy.heads).isEmpty();
    }
  }

  @Test
  void aProxyThatRefusesIsNamed() throws Exception {
    try (ConnectProxy proxy = new ConnectProxy("200 OK", Optional.of("Basic b3RoZXI="));
        ConnectProxy forbids = new ConnectProxy("403 Forbidden", Optional.empty());
        ConnectProxy fails = new ConnectProxy("502 Bad Gateway", Optional.empty())) {
      HttpProxy wrong = proxy.proxy(Optional.of("web"), Optional.of(SECRET));
      HttpProxy nobody = proxy.proxy(Optional.empty(), Optional.empty());

      assertThat(refusedBy(wrong, PROXY_KEYS))
          .isEqualTo(
              "the proxy %s of spec.model.proxy answered 407: it refused proxy-username and proxy-password of Secret keys; correct them"
                  .formatted(wrong));
      assertThat(refusedBy(nobody, Map.of()))
          .contains("answered 407: it requires a user; add proxy-username and proxy-password");
      assertThat(refusedBy(forbids.proxy(Optional.empty(), Optional.empty()), Map.of()))
          .contains("answered 403 to a connection to localhost", "spec.model.proxy.noProxy");
      assertThat(refusedBy(fails.proxy(Optional.empty(), Optional.empty()), Map.of()))
          .contains("answered 502 to a connection to localhost");
      assertThat(requests).isEmpty();
    }
  }

  @Test
  void aProxyThatIsNotThereIsNamed() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    HttpProxy gone =
        new HttpProxy("localhost", port, Optional.empty(), Optional.empty(), List.of());
    assertThat(refusedBy(gone, Map.of()))
        .startsWith("the proxy localhost:%d of spec.model.proxy cannot be reached".formatted(port));
    HttpProxy unknown =
        new HttpProxy("no-such-proxy.invalid", 3128, Optional.empty(), Optional.empty(), List.of());
    assertThat(refusedBy(unknown, Map.of())).startsWith("the proxy no-such-proxy.invalid:3128 of");
  }

  /** The proxy looks names up; an address needs no look-up. */
  @Test
  void behindAProxyAddressesAreCheckedAndNamesAreNot() throws Exception {
    try (ConnectProxy proxy = new ConnectProxy("403 Forbidden", Optional.empty())) {
      StoreAccess access =
          TlsStore.access(
              Map.of(),
              TlsStore.trust(),
              Optional.of(proxy.proxy(Optional.empty(), Optional.empty())));

      PreflightException address =
          catchThrowableOfType(
              PreflightException.class,
              () -> fetch(URI.create("https://169.254.169.254/m"), access));
      assertThat(address.reason()).isEqualTo(Reason.DownloadRefused);
      assertThat(proxy.heads).isEmpty();
      PreflightException name =
          catchThrowableOfType(
              PreflightException.class,
              () -> fetch(URI.create("https://no-such-host.invalid/m"), access));
      assertThat(name.sentence()).contains("answered 403 to a connection to no-such-host.invalid");
    }
  }

  private String refusedBy(HttpProxy proxy, Map<String, String> keys) {
    String sentence =
        catchThrowableOfType(
                PreflightException.class,
                () -> fetch("/ok", TlsStore.access(keys, TlsStore.trust(), Optional.of(proxy))))
            .sentence();
    assertThat(sentence).doesNotContain(SECRET, "Basic ", "d2Vi");
    return sentence;
  }

  private Digest fetch(String path, StoreAccess access) throws PreflightException {
    return fetch(store.uri(path), access);
  }

  private Digest fetch(URI uri, StoreAccess access) throws PreflightException {
    return new Download(uri, access).copyModel(new ModelStore(folder, 1000));
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    requests.add(path + " " + exchange.getRequestHeaders().getFirst("Authorization"));
    try (exchange) {
      if (path.equals("/here")) {
        exchange.getResponseHeaders().set("Location", "/ok");
        exchange.sendResponseHeaders(302, -1);
      } else {
        exchange.sendResponseHeaders(200, MODEL.length);
        exchange.getResponseBody().write(MODEL);
      }
    }
  }
}
