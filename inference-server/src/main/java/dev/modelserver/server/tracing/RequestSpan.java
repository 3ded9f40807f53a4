package dev.modelserver.server.tracing;

import dev.modelserver.server.inference.RunObserver;
import dev.modelserver.server.model.ModelIdentity;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The span of one request, with a span each for its wait and its run. May be used by several
 * threads, one after the other; what comes after its end is dropped.
 */
public final class RequestSpan implements RunObserver {

  private final Tracer tracer;
  private final Span span;
  private final Context inside;
  private final long began = System.nanoTime();
  private final long beganEpoch;
  private Attributes model = Attributes.empty();

  RequestSpan(Tracer tracer, Context parent, String name, Attributes attributes) {
    Instant now = Instant.now();
    this.beganEpoch = TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
    this.tracer = tracer;
    this.span =
        tracer
            .spanBuilder(name)
            .setParent(parent)
            .setSpanKind(SpanKind.SERVER)
            .setStartTimestamp(beganEpoch, TimeUnit.NANOSECONDS)
            .setAllAttributes(attributes)
            .startSpan();
    this.inside = parent.with(span);
  }

  /** Which model is asked. */
  public void model(ModelIdentity identity) {
    model =
        Attributes.builder()
            .put("modelserver.model.name", identity.name())
            .put("modelserver.model.version", identity.version())
            .put("modelserver.model.digest", identity.digest().header())
            .build();
    span.setAllAttributes(model);
  }

  @Override
  public void ran(long queueNanos, long computeNanos, int rows) {
    if (!span.isRecording()) {
      return;
    }
    long ended = now();
    long started = ended - computeNanos;
    child("queue", started - queueNanos, started, Attributes.empty());
    child(
        "compute",
        started,
        ended,
        model.toBuilder().put("modelserver.batch.size", (long) rows).build());
  }

  private void child(String name, long start, long end, Attributes attributes) {
    tracer
        .spanBuilder(name)
        .setParent(inside)
        .setStartTimestamp(start, TimeUnit.NANOSECONDS)
        .setAllAttributes(attributes)
        .startSpan()
        .end(end, TimeUnit.NANOSECONDS);
  }

  /** Adds what has become known. */
  public void attribute(String key, String value) {
    span.setAttribute(key, value);
  }

  /** Adds what has become known. */
  public void attribute(String key, long value) {
    span.setAttribute(key, value);
  }

  /**
   * Says that the request failed, and not by a fault of its caller.
   *
   * @param type a short stable name
   */
  public void failed(String type, @Nullable String message) {
    span.setAttribute("error.type", type);
    span.setStatus(StatusCode.ERROR, message == null ? "" : message);
  }

  /** Ends the span, under a name that says more than its first one; null: there is none. */
  public void end(@Nullable String name) {
    if (name != null) {
      span.updateName(name);
    }
    span.end(now(), TimeUnit.NANOSECONDS);
  }

  /** What leads from a line of the log to the trace. */
  public Map<String, String> logFields() {
    SpanContext ids = span.getSpanContext();
    return Map.of("trace_id", ids.getTraceId(), "span_id", ids.getSpanId());
  }

  /** The wall clock, but steady within a request. */
  private long now() {
    return beganEpoch + System.nanoTime() - began;
  }
}
