package dev.modelserver.operator.config;

import dev.modelserver.operator.metrics.OperatorMetrics;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Counts the writes that the API server accepts, where they are sent: none can be forgotten. The
 * Lease is renewed every few seconds, which is nothing to count.
 */
final class CountedWrites implements Interceptor {
  private static final Set<String> VERBS = Set.of("POST", "PUT", "PATCH", "DELETE");
  private static final int FIRST_FAILURE = 300;

  private final OperatorMetrics metrics;

  CountedWrites(OperatorMetrics metrics) {
    this.metrics = metrics;
  }

  @Override
  public void after(
      HttpRequest request,
      HttpResponse<?> response,
      AsyncBody.Consumer<List<ByteBuffer>> consumer) {
    if (VERBS.contains(request.method()) && response.code() < FIRST_FAILURE) {
      resource(request.uri().getPath())
          .filter(resource -> !resource.equals("leases"))
          .ifPresent(resource -> metrics.wrote(verb(request.method()), resource));
    }
  }

  private static String verb(String method) {
    return method.equals("POST") ? "create" : method.toLowerCase(Locale.ROOT);
  }

  /**
   * Of /…/namespaces/NAMESPACE/RESOURCE/NAME/SUBRESOURCE; the operator writes in namespaces only.
   */
  static Optional<String> resource(String path) {
    List<String> parts = Arrays.asList(path.split("/", -1));
    int start = parts.indexOf("namespaces") + 2;
    if (start < 2 || start >= parts.size()) {
      return Optional.empty();
    }
    String subresource = parts.size() > start + 2 ? "/" + parts.get(start + 2) : "";
    return Optional.of(parts.get(start) + subresource);
  }
}
