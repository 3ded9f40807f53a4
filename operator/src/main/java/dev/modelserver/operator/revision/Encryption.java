package dev.modelserver.operator.revision;

import dev.modelserver.operator.api.v1alpha1.Enforcement;
import dev.modelserver.operator.resolve.Access;
import java.util.List;

/** What a client may and must do that reaches any of the pods. */
public enum Encryption {
  /** Some pod speaks no TLS. */
  NONE,
  /** Every pod speaks TLS, and answers plain connections too. */
  OFFERED,
  /** Every pod speaks TLS, and some answer nothing else. */
  REQUIRED;

  /** Of pods of revisions with these. */
  public static Encryption of(List<Access> pods) {
    if (pods.stream().anyMatch(access -> access.tls().isEmpty())) {
      return NONE;
    }
    return pods.stream()
            .flatMap(access -> access.tls().stream())
            .anyMatch(tls -> tls.mode() == Enforcement.STRICT)
        ? REQUIRED
        : OFFERED;
  }
}
