package dev.modelserver.server.http;

import dev.modelserver.server.failure.Excerpt;
import dev.modelserver.server.failure.RequestException;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The request headers that every inference path understands. */
final class RequestHeaders {

  /** Echoed in the answer, and shown in the log when the request fails. */
  static final CharSequence REQUEST_ID = HttpHeaders.createOptimized(RequestId.NAME);

  /** How long the caller waits, in milliseconds. */
  static final CharSequence TIMEOUT = HttpHeaders.createOptimized("X-Request-Timeout-Ms");

  private static final Pattern MILLIS = Pattern.compile("[1-9][0-9]{0,8}");

  private RequestHeaders() {}

  /** The caller's id for the request; null when there is none that can be repeated as it is. */
  static @Nullable String requestId(RoutingContext context) {
    return RequestId.of(context.request().getHeader(REQUEST_ID));
  }

  /** How long the caller waits; null when it does not say. */
  static @Nullable Duration timeout(MultiMap headers) throws RequestException {
    String text = headers.get(TIMEOUT);
    if (text == null) {
      return null;
    }
    if (!MILLIS.matcher(text).matches()) {
      throw RequestException.malformed(
          TIMEOUT
              + " is \""
              + Excerpt.of(text)
              + "\"; it takes a number of milliseconds from 1 to 999999999");
    }
    return Duration.ofMillis(Long.parseLong(text));
  }
}
