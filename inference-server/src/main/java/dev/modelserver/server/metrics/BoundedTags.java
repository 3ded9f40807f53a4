package dev.modelserver.server.metrics;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.config.MeterFilter;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Set;

/**
 * Keeps what a caller chooses freely, the method and the path, out of the labels: each new value
 * would be a time series for good.
 */
@Singleton
final class BoundedTags {

  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS");

  /** Our routes, and the words that stand for others. */
  private static final Set<String> URIS =
      Set.of(
          "/",
          "root",
          "/predict",
          "/info",
          "/health",
          "/ready",
          "/metrics",
          "NOT_FOUND",
          "REDIRECTION",
          "UNKNOWN");

  @Produces
  @Singleton
  MeterFilter filter() {
    return new MeterFilter() {
      @Override
      public Meter.Id map(Meter.Id id) {
        return bounded(id);
      }
    };
  }

  static Meter.Id bounded(Meter.Id id) {
    boolean server = id.getName().startsWith("http.server.");
    List<Tag> tags = id.getTags().stream().map(tag -> bounded(tag, server)).toList();
    return tags.equals(id.getTags()) ? id : id.replaceTags(tags);
  }

  private static Tag bounded(Tag tag, boolean server) {
    if (tag.getKey().equals("method") && !METHODS.contains(tag.getValue())) {
      return Tag.of("method", "OTHER");
    }
    if (server && tag.getKey().equals("uri") && !URIS.contains(tag.getValue())) {
      return Tag.of("uri", "UNKNOWN");
    }
    return tag;
  }
}
