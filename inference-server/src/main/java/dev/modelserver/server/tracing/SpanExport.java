package dev.modelserver.server.tracing;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.opentelemetry.sdk.resources.Resource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** OpenTelemetry's SDK, set up by its own variables. Loaded only where traces are asked for. */
final class SpanExport implements AutoCloseable {

  private static final String SCOPE = "dev.modelserver";

  /** How long the process waits at its end for a collector. */
  private static final long LAST_SPANS_SECONDS = 3;

  /** The server has metrics and logs of its own, and no client for OTLP over gRPC. */
  private static final Map<String, String> DEFAULTS =
      Map.of("otel.traces.exporter", "otlp", "otel.exporter.otlp.protocol", "http/protobuf");

  private static final Map<String, String> FIXED =
      Map.of("otel.metrics.exporter", "none", "otel.logs.exporter", "none");

  private final OpenTelemetrySdk sdk;
  private final Tracer tracer;
  private final TextMapPropagator propagator;

  /**
   * Starts the export.
   *
   * @param service the service's name, unless a variable gives another
   * @param instance which of its instances this is
   */
  SpanExport(String service, String instance) {
    Resource own =
        Resource.create(
            Attributes.builder()
                .put("service.instance.id", instance)
                .put("k8s.pod.name", instance)
                .build());
    this.sdk =
        AutoConfiguredOpenTelemetrySdk.builder()
            .addPropertiesSupplier(() -> DEFAULTS)
            .addPropertiesSupplier(() -> Map.of("otel.service.name", service))
            .addPropertiesCustomizer(config -> FIXED)
            .addResourceCustomizer((resource, config) -> own.merge(resource))
            // the end has an order: see Tracing
            .disableShutdownHook()
            .build()
            .getOpenTelemetrySdk();
    this.tracer = sdk.getTracer(SCOPE);
    this.propagator = sdk.getPropagators().getTextMapPropagator();
  }

  RequestSpan begin(
      String name, Function<String, @Nullable String> header, Map<String, Object> attributes) {
    Context parent = propagator.extract(Context.root(), header, Headers.INSTANCE);
    AttributesBuilder known = Attributes.builder();
    attributes.forEach(
        (key, value) -> {
          if (value instanceof Number number) {
            known.put(key, number.longValue());
          } else {
            known.put(key, value.toString());
          }
        });
    return new RequestSpan(tracer, parent, name, known.build());
  }

  @Override
  public void close() {
    var _ = sdk.shutdown().join(LAST_SPANS_SECONDS, TimeUnit.SECONDS);
  }

  /** Headers, as propagators ask for them: one by one. */
  private enum Headers implements TextMapGetter<Function<String, @Nullable String>> {
    INSTANCE;

    @Override
    public Iterable<String> keys(Function<String, @Nullable String> header) {
      return List.of();
    }

    @Override
    public @Nullable String get(@Nullable Function<String, @Nullable String> header, String name) {
      return header == null ? null : header.apply(name);
    }
  }
}
