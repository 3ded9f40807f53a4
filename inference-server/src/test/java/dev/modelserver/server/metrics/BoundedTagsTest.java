package dev.modelserver.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BoundedTagsTest {

  @ParameterizedTest
  @CsvSource({
    "http.server.requests, GET, /predict, GET, /predict",
    "http.server.requests, FLY, /predict, OTHER, /predict",
    "http.server.requests, GET, /any/thing, GET, UNKNOWN",
    "http.server.requests, GET, NOT_FOUND, GET, NOT_FOUND",
    "http.client.requests, GET, /any/thing, GET, /any/thing",
  })
  void bounds(String name, String method, String uri, String boundedMethod, String boundedUri) {
    Meter.Id id =
        new Meter.Id(name, Tags.of("method", method, "uri", uri), null, null, Meter.Type.TIMER);

    assertThat(BoundedTags.bounded(id).getTags())
        .containsExactlyElementsOf(Tags.of("method", boundedMethod, "uri", boundedUri));
  }
}
