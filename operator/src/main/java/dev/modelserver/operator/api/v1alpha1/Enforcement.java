package dev.modelserver.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * Whether requests without TLS, or without a token, are answered. Ordered: the stricter, the later.
 */
public enum Enforcement {
  @JsonProperty("Permissive")
  PERMISSIVE("Permissive"),
  @JsonProperty("Strict")
  STRICT("Strict");

  private final String word;

  Enforcement(String word) {
    this.word = word;
  }

  /** The word, as the spec has it. */
  public String word() {
    return word;
  }
}
