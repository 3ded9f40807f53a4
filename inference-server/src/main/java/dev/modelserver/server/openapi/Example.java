package dev.modelserver.server.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import dev.modelserver.server.http.Translator;
import org.jspecify.annotations.Nullable;

/**
 * A request that is run once, and shown with its answer if the model gave one.
 *
 * @param name unique in its operation
 * @param body its JSON; null when the request has none
 * @param program Markdown that shows how to send it, where it is too large or no JSON; null: the
 *     page sends it
 * @param translator reads the request
 */
public record Example(
    String name,
    String summary,
    @Nullable JsonNode body,
    @Nullable String program,
    Translator translator) {

  /** A request that the page itself can send. */
  public Example(String name, String summary, @Nullable JsonNode body, Translator translator) {
    this(name, summary, body, null, translator);
  }
}
