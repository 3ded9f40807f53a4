package dev.modelserver.server.tracing;

import dev.modelserver.server.config.ServerConfig;
import dev.modelserver.server.config.ServerEnvironment;
import dev.modelserver.server.text.ForeignText;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.function.Function;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Traces of requests, sent with OTLP over HTTP. Off unless {@code OTEL_EXPORTER_OTLP_ENDPOINT} or
 * {@code OTEL_TRACES_EXPORTER} is set. The variables that OpenTelemetry specifies do the rest:
 * sampling, headers, the resource. A collector that does not answer costs traces, never a request.
 */
@Singleton
public final class Tracing {

  private static final Logger LOG = Logger.getLogger(Tracing.class);

  private final @Nullable SpanExport export;

  Tracing(ServerEnvironment environment, ServerConfig config) {
    this.export = environment.tracing() ? start(environment, config) : null;
  }

  private static @Nullable SpanExport start(ServerEnvironment environment, ServerConfig config) {
    try {
      return new SpanExport(config.model().name(), environment.podName());
    } catch (RuntimeException e) {
      // the variables of traces are no reason to leave requests unanswered
      LOG.errorf(
          "no traces: %s; correct the variables OTEL_*",
          ForeignText.logged(String.valueOf(e.getMessage())));
      return null;
    }
  }

  /** Whether requests are traced at all. */
  public boolean on() {
    return export != null;
  }

  /**
   * Begins the span of a request.
   *
   * @param name the span's, until more is known
   * @param header a header of the request by its name in lower case, which may say which trace it
   *     belongs to
   * @param attributes what a sampler may judge by; numbers and text
   * @return null when nothing is traced
   */
  public @Nullable RequestSpan begin(
      String name, Function<String, @Nullable String> header, Map<String, Object> attributes) {
    return export == null ? null : export.begin(name, header, attributes);
  }

  /** Sends what is left, once every request has its answer and before the model is closed. */
  void stop(@Observes @Priority(2) ShutdownEvent event) {
    if (export != null) {
      export.close();
    }
  }
}
