package dev.modelserver.local.node;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;

/**
 * Names of pods in the form that people know: Deployment, hash of its template, five characters.
 */
final class PodNames {
  /** The label that tells the pods of one template from those of another. */
  static final String HASH_LABEL = "pod-template-hash";

  /** Kubernetes leaves out vowels and lookalikes in what it generates. */
  private static final String ALPHABET = "bcdfghjklmnpqrstvwxz2456789";

  private PodNames() {}

  /** Ten hex digits that change with the pod template. */
  static String hash(Deployment deployment) {
    try {
      var template = Serialization.asJson(deployment.getSpec().getTemplate());
      var digest =
          MessageDigest.getInstance("SHA-256").digest(template.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 5);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** A name for a new pod of the Deployment. */
  static String name(Deployment deployment, String hash) {
    var suffix =
        ThreadLocalRandom.current()
            .ints(5, 0, ALPHABET.length())
            .mapToObj(index -> ALPHABET.substring(index, index + 1))
            .collect(Collectors.joining());
    return deployment.getMetadata().getName() + "-" + hash + "-" + suffix;
  }
}
