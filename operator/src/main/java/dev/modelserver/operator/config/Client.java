package dev.modelserver.operator.config;

import dev.modelserver.operator.api.v1alpha1.ModelServer;
import dev.modelserver.operator.metrics.OperatorMetrics;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Map;

/** The client of the API server, in place of the extension's own. */
@ApplicationScoped
public class Client {
  @Produces
  @Singleton
  KubernetesClient client(
      KubernetesSerialization serialization, Config config, OperatorMetrics metrics) {
    return of(config, serialization, Map.of("counted-writes", new CountedWrites(metrics)));
  }

  void close(@Disposes KubernetesClient client) {
    client.close();
  }

  /** A client whose watches end for no text that an object may hold. */
  public static KubernetesClient of(Config config, KubernetesSerialization serialization) {
    return of(config, serialization, Map.of());
  }

  private static KubernetesClient of(
      Config config, KubernetesSerialization serialization, Map<String, Interceptor> more) {
    // Unknown, they would be read as maps and converted by recursion, however deep they are.
    serialization.registerKubernetesResource(ModelServer.class);
    return new KubernetesClientBuilder()
        .withConfig(config)
        .withKubernetesSerialization(serialization)
        .withHttpClientBuilderConsumer(
            http -> {
              http.addOrReplaceInterceptor("watch-text", new WatchText());
              more.forEach(http::addOrReplaceInterceptor);
            })
        .build();
  }
}
