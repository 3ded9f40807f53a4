package dev.modelserver.server.fetch;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The keys of the Secret that {@code model.credentials} names. No message shows a value.
 *
 * @param secretName empty where the model has none; then there are no keys
 */
record StoreCredentials(String secretName, Map<String, byte[]> keys) {

  /** None. */
  static final StoreCredentials NONE = new StoreCredentials("", Map.of());

  /** Keys whose values are secret as a whole. */
  private static final List<String> SECRET =
      List.of(
          HttpCredentials.PASSWORD_KEY,
          HttpCredentials.TOKEN_KEY,
          HttpProxy.PASSWORD_KEY,
          "AWS_SECRET_ACCESS_KEY",
          "AWS_SESSION_TOKEN");

  /** In characters; a shorter text stands in many a word that is no secret. */
  private static final int SHORTEST = 8;

  /** The text of a key, without the line break that many tools leave at its end. */
  Optional<String> text(String key) {
    return Optional.ofNullable(keys.get(key))
        .map(bytes -> new String(bytes, StandardCharsets.UTF_8).replaceFirst("\\r?\\n$", ""));
  }

  /** A sentence without the secret values that it may have from a server's answer. */
  String without(String sentence) {
    String shown = sentence;
    List<String> values =
        Stream.of(
                SECRET.stream().flatMap(key -> text(key).stream()),
                text(HttpCredentials.HEADERS_KEY).stream().flatMap(StoreCredentials::values),
                basic(HttpCredentials.USER_KEY, HttpCredentials.PASSWORD_KEY).stream(),
                basic(HttpProxy.USER_KEY, HttpProxy.PASSWORD_KEY).stream())
            .flatMap(texts -> texts)
            .map(String::strip)
            .filter(value -> value.length() >= SHORTEST)
            .sorted(Comparator.comparingInt(String::length).reversed())
            .toList();
    for (String value : values) {
      shown = shown.replace(value, "…");
    }
    return shown;
  }

  /** What stands for a user and a password in a header. */
  private Optional<String> basic(String userKey, String passwordKey) {
    return text(userKey)
        .flatMap(
            user ->
                text(passwordKey)
                    .map(
                        password ->
                            Base64.getEncoder()
                                .encodeToString(
                                    (user + ":" + password).getBytes(StandardCharsets.UTF_8))));
  }

  /** The values of lines of headers, and the last word of each, which follows a scheme. */
  private static Stream<String> values(String headers) {
    return Arrays.stream(headers.split("\\r?\\n", -1))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .flatMap(value -> Stream.of(value, value.substring(value.lastIndexOf(' ') + 1)));
  }

  @Override
  public String toString() {
    return "StoreCredentials of Secret " + secretName;
  }
}
