package dev.modelserver.server.openapi;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.modelserver.server.config.SecurityMode;
import dev.modelserver.server.http.ClientCheck;

/** What the document of a server with tokens says of them: how to send one, and where not to. */
final class ApiTokens {

  private static final String BEARER = "bearer";
  private static final String BASIC = "basic";
  private static final String SECURITY = "security";

  private ApiTokens() {}

  static void addTo(ObjectNode document, SecurityMode mode) {
    ArrayNode security = document.putArray(SECURITY);
    security.addObject().putArray(BEARER);
    security.addObject().putArray(BASIC);
    if (!mode.strict()) {
      // and without any
      security.addObject();
    }
    ObjectNode components = document.withObjectProperty("components");
    ObjectNode schemes = components.putObject("securitySchemes");
    scheme(schemes, BEARER, "The token of a client.");
    scheme(schemes, BASIC, "The name of a client as user, its token as password.");
    if (mode.strict()) {
      explainRefusal(components.withObjectProperty("responses"));
    }
    for (var path : document.get("paths").properties()) {
      for (var operation : path.getValue().properties()) {
        ObjectNode node = (ObjectNode) operation.getValue();
        if (ClientCheck.open(path.getKey())) {
          node.putArray(SECURITY);
        } else if (mode.strict()) {
          Operation.refer(node, Failure.Unauthenticated);
        }
      }
    }
  }

  private static void scheme(ObjectNode schemes, String scheme, String description) {
    schemes
        .putObject(scheme)
        .put("type", "http")
        .put("scheme", scheme)
        .put("description", description);
  }

  private static void explainRefusal(ObjectNode responses) {
    ObjectNode header =
        ApiDocument.explain(Failure.Unauthenticated, responses)
            .putObject("headers")
            .putObject("WWW-Authenticate");
    header.put("description", "Two of them: a challenge for bearer and one for basic.");
    header.set("schema", Schemas.type("string"));
  }
}
