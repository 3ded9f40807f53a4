package dev.modelserver.server.health;

import dev.modelserver.server.config.ServerEnvironment;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The kubelet's port. It has an event loop of its own, so that a probe is answered while the data
 * plane is saturated: a busy pod must not be restarted for being busy.
 */
@Singleton
final class ManagementServer {

  private final HealthRoutes routes;
  private final int port;
  private @Nullable Vertx vertx;

  ManagementServer(HealthRoutes routes, ServerEnvironment environment) {
    this.routes = routes;
    this.port = environment.managementPort();
  }

  void start(@Observes StartupEvent event) throws Exception {
    Vertx own =
        Vertx.vertx(
            new VertxOptions()
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(1)
                .setFileSystemOptions(
                    new FileSystemOptions()
                        .setFileCachingEnabled(false)
                        .setClassPathResolvingEnabled(false)));
    vertx = own;
    Router router = Router.router(own);
    routes.addTo(router);
    routes.addMetricsTo(router);
    own.createHttpServer(
            new HttpServerOptions()
                .setPort(port)
                .setHost("0.0.0.0")
                .setIdleTimeout(60)
                .setMaxHeaderSize(8192))
        .requestHandler(router)
        .listen()
        .toCompletionStage()
        .toCompletableFuture()
        .get(10, TimeUnit.SECONDS);
  }

  void stop(@Observes ShutdownEvent event) {
    Vertx own = vertx;
    if (own != null) {
      var _ = own.close();
    }
  }
}
