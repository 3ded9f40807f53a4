package dev.modelserver.server.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import dev.modelserver.server.http.Translator;
import org.jspecify.annotations.Nullable;

/**
 * A request that is shown, and run once to show its real answer.
 *
 * @param name unique in its operation
 * @param body its JSON; null when the request has none
 * @param translator reads the request
 */
public record Example(
    String name, String summary, @Nullable JsonNode body, Translator translator) {}
