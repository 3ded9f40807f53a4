package dev.modelserver.server.fetch;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/**
 * The keys of the Secret that {@code model.credentials} names. No message shows a value.
 *
 * @param secretName empty where the model has none; then there are no keys
 */
record StoreCredentials(String secretName, Map<String, byte[]> keys) {

  /** None. */
  static final StoreCredentials NONE = new StoreCredentials("", Map.of());

  /** The text of a key, without the line break that many tools leave at its end. */
  Optional<String> text(String key) {
    return Optional.ofNullable(keys.get(key))
        .map(bytes -> new String(bytes, StandardCharsets.UTF_8).replaceFirst("\\r?\\n$", ""));
  }

  @Override
  public String toString() {
    return "StoreCredentials of Secret " + secretName;
  }
}
