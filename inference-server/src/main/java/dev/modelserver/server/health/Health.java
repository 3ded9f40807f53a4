package dev.modelserver.server.health;

import dev.modelserver.server.http.Json;
import dev.modelserver.server.inference.CurrentModel;
import io.vertx.core.buffer.Buffer;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.temporal.ChronoUnit;

/** The two questions of a kubelet, answered from memory. */
@Singleton
public final class Health {

  private final CurrentModel current;

  Health(CurrentModel current) {
    this.current = current;
  }

  /** An answer with its HTTP status. */
  public record Report(int status, Buffer json) {}

  /**
   * Should the process be restarted? Only when every inference thread is held by a run that does
   * not end.
   */
  public Report live() {
    boolean healthy = current.ready().map(model -> !model.service().exhausted()).orElse(true);
    return new Report(healthy ? 200 : 503, json(healthy ? "healthy" : "unhealthy", false));
  }

  /** Should new clients be sent here? */
  public Report ready() {
    boolean ready = current.welcoming();
    return new Report(
        ready ? 200 : 503,
        json(ready ? "ready" : current.draining() ? "draining" : "not_ready", true));
  }

  private Buffer json(String status, boolean withModel) {
    return Buffer.buffer(
        Json.bytes(
            json -> {
              json.writeStartObject();
              json.writeStringField("status", status);
              if (withModel) {
                json.writeBooleanField("model_loaded", current.ready().isPresent());
              }
              json.writeStringField(
                  "timestamp",
                  Clock.systemUTC().instant().truncatedTo(ChronoUnit.MILLIS).toString());
              json.writeEndObject();
            }));
  }
}
