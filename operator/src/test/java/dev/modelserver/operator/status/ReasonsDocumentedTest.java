package dev.modelserver.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Every condition and reason has a row in docs/conditions.md, and every row is about one. */
class ReasonsDocumentedTest {
  private static final Path PAGE = Path.of("../docs/conditions.md");
  private static final Path CONTRACT = Path.of("../docs/server-contract.md");
  private static final Path OBSERVE = Path.of("src/main/java/dev/modelserver/operator/observe");

  private static final Pattern ROW = Pattern.compile("(?m)^\\| `(\\w+)` \\|");
  private static final Pattern PREFLIGHT_ROW = Pattern.compile("(?m)^\\| `(\\w+)` \\| (?:yes|no) ");
  private static final Pattern WORD = Pattern.compile("\"((?:[A-Z][a-z]+)+)\"");

  /** Words that the observations read in Kubernetes' objects; they are not reasons of ours. */
  private static final Set<String> KUBERNETES =
      Set.of(
          "CreateContainerConfigError",
          "CreateContainerError",
          "ErrImageNeverPull",
          "ErrImagePull",
          "Evicted",
          "Failed",
          "FailedCreatePodSandBox",
          "FailedToRetrieveImagePullSecret",
          "FailedAttachVolume",
          "FailedMapVolume",
          "FailedMount",
          "False",
          "ImageInspectError",
          "ImagePullBackOff",
          "InvalidImageName",
          "NewReplicaSetAvailable",
          "PodScheduled",
          "Progressing",
          "Ready",
          "RegistryUnavailable",
          "ReplicaFailure",
          "RunContainerError",
          "Started",
          "Succeeded",
          "Unhealthy",
          "True");

  @Test
  void everyReasonHasARowAndEveryRowIsAboutOne() throws IOException, IllegalAccessException {
    Set<String> reasons = constants(Reason.class);
    reasons.addAll(constants(ConditionType.class));
    reasons.addAll(observed());
    reasons.addAll(matches(PREFLIGHT_ROW, Files.readString(CONTRACT)));

    assertThat(matches(ROW, Files.readString(PAGE))).containsExactlyInAnyOrderElementsOf(reasons);
  }

  @Test
  void reasonsAreFoundInEverySource() throws IOException, IllegalAccessException {
    assertThat(constants(Reason.class)).contains("RollingOut");
    assertThat(constants(ConditionType.class)).contains("ModelLoaded");
    assertThat(observed()).contains("OutOfMemory", "QuotaExceeded", "NameConflict", "Refused");
    assertThat(matches(PREFLIGHT_ROW, Files.readString(CONTRACT))).contains("ChecksumMismatch");
  }

  private static Set<String> constants(Class<?> holder) throws IllegalAccessException {
    Set<String> values = new TreeSet<>();
    for (Field field : holder.getDeclaredFields()) {
      if (field.getType() == String.class && field.get(null) instanceof String value) {
        values.add(value);
      }
    }
    return values;
  }

  private static Set<String> observed() throws IOException {
    Set<String> words = new TreeSet<>();
    try (var files = Files.list(OBSERVE)) {
      for (Path file : files.toList()) {
        words.addAll(matches(WORD, Files.readString(file)));
      }
    }
    words.removeAll(KUBERNETES);
    return words;
  }

  private static Set<String> matches(Pattern pattern, String text) {
    return pattern
        .matcher(text)
        .results()
        .map(match -> match.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
