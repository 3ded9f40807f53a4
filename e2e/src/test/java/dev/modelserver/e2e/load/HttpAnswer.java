package dev.modelserver.e2e.load;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A complete answer.
 *
 * @param headers by name in lower case; of a repeated header the last one
 */
public record HttpAnswer(int status, Map<String, String> headers, String body) {
  /** The header of that name, in any case. */
  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
  }

  /** Whether the server announced that it closes the connection after this answer. */
  public boolean closes() {
    return header("Connection").filter("close"::equalsIgnoreCase).isPresent();
  }
}
