package dev.modelserver.local.node;

import io.fabric8.kubernetes.api.model.Container;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** Asks a container's readiness path; a container without a probe is ready as soon as it runs. */
final class ReadinessProbe {
  private static final Duration TIMEOUT = Duration.ofSeconds(2);
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();

  /** Whether the container is ready now. */
  boolean isReady(Container container, Ports ports) throws InterruptedException {
    var probe = container.getReadinessProbe();
    if (probe == null || probe.getHttpGet() == null) {
      return true;
    }
    var get = probe.getHttpGet();
    var address =
        URI.create("http://127.0.0.1:" + ports.of(get.getPort(), container) + get.getPath());
    try {
      var answer =
          http.send(
              HttpRequest.newBuilder(address).timeout(TIMEOUT).build(), BodyHandlers.discarding());
      return answer.statusCode() >= 200 && answer.statusCode() < 400;
    } catch (IOException e) {
      // Not listening yet: the next look may find it.
      return false;
    }
  }
}
