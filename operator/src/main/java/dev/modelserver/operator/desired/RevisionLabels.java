package dev.modelserver.operator.desired;

import dev.modelserver.operator.revision.Revision;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a person wants to know of a revision, as labels of its ControllerRevision: the columns that
 * {@code kubectl get} prints of that kind are fixed, but it prints labels with {@code -L}.
 */
final class RevisionLabels {
  private static final int LONGEST = 63;
  private static final int SHORT_DIGEST = 8;

  private RevisionLabels() {}

  static Map<String, String> of(Revision revision, String current) {
    Map<String, String> labels = new TreeMap<>();
    revision.version().ifPresent(version -> put(labels, "version", version));
    revision
        .digest()
        .filter(digest -> digest.length() >= SHORT_DIGEST)
        .ifPresent(digest -> put(labels, "digest", digest.substring(0, SHORT_DIGEST)));
    put(labels, "outcome", revision.outcome(current).word());
    revision.outcomeReason().ifPresent(reason -> put(labels, "reason", reason));
    return labels;
  }

  private static void put(Map<String, String> labels, String name, String text) {
    String value = value(text);
    if (!value.isEmpty()) {
      labels.put("modelserver.dev/" + name, value);
    }
  }

  /**
   * The nearest text that is the value of a label: a version may hold any character, and so may
   * what the preflight of an image of the user's own reports.
   */
  static String value(String text) {
    String legal = text.replaceAll("[^A-Za-z0-9._-]", "-");
    return trimmed(trimmed(legal).substring(0, Math.min(LONGEST, trimmed(legal).length())));
  }

  private static String trimmed(String text) {
    return text.replaceAll("^[._-]+|[._-]+$", "");
  }
}
