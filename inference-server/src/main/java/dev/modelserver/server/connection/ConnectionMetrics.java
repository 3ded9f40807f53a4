package dev.modelserver.server.connection;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.concurrent.atomic.LongAdder;

/** Counts refused connections beside the other failures. */
@Singleton
final class ConnectionMetrics {

  void register(@Observes StartupEvent event, MeterRegistry registry) {
    Refusal.given()
        .forEach(
            (type, given) ->
                FunctionCounter.builder("ml.errors", given, LongAdder::sum)
                    .description("Requests that failed, by type")
                    .tag("type", type)
                    .register(registry));
  }
}
