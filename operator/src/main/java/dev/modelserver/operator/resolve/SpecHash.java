package dev.modelserver.operator.resolve;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.modelserver.operator.api.v1alpha1.ModelServerSpec;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

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
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(
                  JsonInclude.Include.NON_EMPTY, JsonInclude.Include.NON_EMPTY))
          .build();

  private SpecHash() {}

  static String of(ModelServerSpec spec, String restartToken) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("model", spec.model());
    if (spec.server() != null) {
      fields.put("server", spec.server());
    }
    if (spec.resources() != null) {
      fields.put("resources", spec.resources());
    }
    if (spec.pod() != null) {
      fields.put("pod", spec.pod());
    }
    if (!restartToken.isEmpty()) {
      fields.put("restart", restartToken);
    }
    try {
      byte[] json = CANONICAL.writeValueAsString(fields).getBytes(StandardCharsets.UTF_8);
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(json);
      return HexFormat.of().formatHex(digest).substring(0, LENGTH);
    } catch (JsonProcessingException | NoSuchAlgorithmException e) {
      throw new IllegalStateException("the spec cannot be hashed", e);
    }
  }
}
