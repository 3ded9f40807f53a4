package dev.modelserver.server.robust;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What holds for every answer, whatever was asked. */
final class Rules {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Words that show how the server is made or where it lies. */
  private static final Pattern INSIDES =
      Pattern.compile(
          "[a-z]+(\\.[a-z0-9]+)+\\.[A-Z]\\w+|\\w+(Exception|Error)\\b|\\.java:\\d|\\bat \\S+\\("
              + "|ai[./]onnxruntime|io[./](netty|vertx|quarkus|grpc)|jackson|Jackson"
              + "|(^|[\\s\"'(])/(tmp|var|root|home|usr|opt|deployments|etc)/|\\.onnx\\b|0x[0-9a-f]{6,}");

  private Rules() {}

  /** Checks a failure's body: an object with one text, the error, that shows no insides. */
  static void failure(int status, String contentType, String body) throws Trial.Violation {
    if (!contentType.startsWith("application/json")) {
      throw new Trial.Violation(status + " with Content-Type \"" + contentType + "\": " + body);
    }
    JsonNode json;
    try {
      json = JSON.readTree(body);
    } catch (JsonProcessingException e) {
      throw new Trial.Violation(status + " with a body that is not JSON: " + body);
    }
    if (json.size() != 1 || json.path("error").asText().isBlank()) {
      throw new Trial.Violation(status + " without {\"error\":…}: " + body);
    }
    insides(json.path("error").asText());
  }

  static void insides(String text) throws Trial.Violation {
    Matcher matcher = INSIDES.matcher(text);
    if (matcher.find()) {
      throw new Trial.Violation("the answer shows \"" + matcher.group() + "\": " + text);
    }
  }
}
