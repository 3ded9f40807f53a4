package dev.modelserver.operator.revision;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.modelserver.operator.api.v1alpha1.Enforcement;
import dev.modelserver.operator.resolve.Access;
import java.util.List;
import java.util.Optional;

/** What clients see of a stored configuration file (docs/server-contract.md). */
final class ConfiguredAccess {
  private static final ObjectMapper JSON = new ObjectMapper();

  private ConfiguredAccess() {}

  /** TLS and tokens. */
  static Access parse(String file) {
    JsonNode server = server(file);
    return new Access(
        part(server, "tls").map(tls -> new Access.Tls(mode(tls), secret(tls), List.of())),
        part(server, "authentication")
            .map(tokens -> new Access.Tokens(mode(tokens), secret(tokens))));
  }

  /** The prefix of the paths. */
  static Optional<String> prefix(String file) {
    return Optional.of(server(file).path("pathPrefix"))
        .filter(JsonNode::isTextual)
        .map(JsonNode::textValue);
  }

  private static JsonNode server(String file) {
    try {
      return JSON.readTree(file).path("server");
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a stored configuration is not JSON", e);
    }
  }

  private static Optional<JsonNode> part(JsonNode server, String name) {
    return Optional.of(server.path(name)).filter(JsonNode::isObject);
  }

  /** A mode that is not known counts as the weaker one. */
  private static Enforcement mode(JsonNode part) {
    return Enforcement.STRICT.word().equals(part.path("mode").asText())
        ? Enforcement.STRICT
        : Enforcement.PERMISSIVE;
  }

  private static String secret(JsonNode part) {
    return part.path("secretName").asText();
  }
}
