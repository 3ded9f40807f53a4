package dev.modelserver.operator.resolve;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.modelserver.operator.api.v1alpha1.ModelServerSpec;
import dev.modelserver.operator.api.v1alpha1.Server;
import dev.modelserver.operator.api.v1alpha1.ServerTls;
import dev.modelserver.operator.api.v1alpha1.Verification;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Hash of the user's own template-affecting fields, as they were written: nothing that the operator
 * adds (a default, an image, an observation) changes it, so nothing of that restarts a pod.
 */
final class SpecHash {
  private static final int LENGTH = 10;
  private static final ObjectMapper CANONICAL =
      JsonMapper.builder()
          .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .build();

  private SpecHash() {}

  static String of(ModelServerSpec spec, String restartToken) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("model", spec.model());
    fields.put("server", rendered(spec.server()));
    fields.put("resources", spec.resources());
    fields.put("pod", spec.pod());
    fields.put("restart", restartToken);
    try {
      fields.put("verification", asItIs(spec.verification()));
      JsonNode said = withoutBlanks(CANONICAL.valueToTree(fields));
      byte[] json = CANONICAL.writeValueAsString(said).getBytes(StandardCharsets.UTF_8);
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(json);
      return HexFormat.of().formatHex(digest).substring(0, LENGTH);
    } catch (JsonProcessingException | NoSuchAlgorithmException e) {
      throw new IllegalStateException("the spec cannot be hashed", e);
    }
  }

  /** Without the CA of the certificate: that is for clients, and reaches no pod. */
  private static @Nullable Server rendered(@Nullable Server server) {
    if (server == null || server.tls() == null) {
      return server;
    }
    return server.with(new ServerTls(server.tls().secretName(), server.tls().mode(), null));
  }

  /** As text: in a request or an answer, what is blank says something too. */
  private static @Nullable String asItIs(@Nullable Verification verification)
      throws JsonProcessingException {
    return verification == null
            || verification.requests() == null
            || verification.requests().isEmpty()
        ? null
        : CANONICAL.writeValueAsString(
            CANONICAL.convertValue(verification.requests(), Object.class));
  }

  /** `server: {}` says no more than no `server` at all. */
  private static JsonNode withoutBlanks(JsonNode node) {
    if (!(node instanceof ObjectNode object)) {
      return node;
    }
    ObjectNode kept = CANONICAL.createObjectNode();
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      JsonNode value = withoutBlanks(field.getValue());
      boolean blank = value.isNull() || (value.isContainerNode() && value.isEmpty());
      if (!blank && !(value.isTextual() && value.textValue().isEmpty())) {
        kept.set(field.getKey(), value);
      }
    }
    return kept;
  }
}
