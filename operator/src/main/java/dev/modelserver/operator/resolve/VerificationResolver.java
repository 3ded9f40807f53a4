package dev.modelserver.operator.resolve;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.modelserver.operator.api.v1alpha1.GoldenRequest;
import dev.modelserver.operator.api.v1alpha1.Tolerance;
import dev.modelserver.operator.api.v1alpha1.Verification;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The golden requests, as far as the schema cannot judge them: their size together, above all. */
final class VerificationResolver {
  private static final String FIELD = "spec.verification.requests";
  private static final int MOST = 20;
  private static final int MOST_BYTES = 64 << 10;
  private static final ObjectMapper JSON = new ObjectMapper();

  private VerificationResolver() {}

  static List<GoldenRequest> resolve(@Nullable Verification wanted) {
    List<GoldenRequest> requests =
        wanted == null || wanted.requests() == null ? List.of() : wanted.requests();
    if (requests.size() > MOST) {
      throw new IllegalArgumentException(
          "%s has %d golden requests, at most %d are run: remove some"
              .formatted(FIELD, requests.size(), MOST));
    }
    Set<String> names = new HashSet<>();
    for (int i = 0; i < requests.size(); i++) {
      String field = "%s[%d]".formatted(FIELD, i);
      GoldenRequest golden = requests.get(i);
      if (golden.name() == null || golden.name().isBlank() || !names.add(golden.name())) {
        throw new IllegalArgumentException(
            "%s.name \"%s\" must be there and be unique: give each golden request a name of its own"
                .formatted(field, golden.name()));
      }
      requireObject(field + ".request", golden.request());
      requireObject(field + ".expect", golden.expect());
      requireTolerance(field + ".tolerance", golden.tolerance());
    }
    int bytes = bytes(requests);
    if (bytes > MOST_BYTES) {
      throw new IllegalArgumentException(
          "%s has %d bytes of JSON, at most %d (64 KiB) fit beside the model's configuration: use fewer or smaller requests"
              .formatted(FIELD, bytes, MOST_BYTES));
    }
    return List.copyOf(requests);
  }

  private static void requireObject(String field, @Nullable JsonNode said) {
    if (said == null || !said.isObject()) {
      throw new IllegalArgumentException(
          "%s must be an object, for example {features: [5.1, 3.5, 1.4, 0.2]}".formatted(field));
    }
  }

  private static void requireTolerance(String field, @Nullable Tolerance said) {
    boolean negative =
        said != null
            && Stream.of(said.absolute(), said.relative())
                .anyMatch(number -> number != null && !(number >= 0));
    if (negative) {
      throw new IllegalArgumentException(
          "%s must not be negative, for example {absolute: 0.001}".formatted(field));
    }
  }

  private static int bytes(List<GoldenRequest> requests) {
    try {
      return JSON.writeValueAsString(requests).getBytes(StandardCharsets.UTF_8).length;
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("golden requests cannot be written", e);
    }
  }
}
