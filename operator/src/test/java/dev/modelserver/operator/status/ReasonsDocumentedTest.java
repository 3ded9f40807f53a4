package dev.modelserver.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.operator.names.ConditionType;
import dev.modelserver.operator.names.Reason;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every condition and reason has a row in docs/conditions.md, and every row is about one. */
class ReasonsDocumentedTest {
  private static final Path PAGE = Path.of("../docs/conditions.md");
  private static final Path CONTRACT = Path.of("../docs/server-contract.md");
  private static final Path SOURCES = Path.of("src/main/java");

  private static final Pattern ROW = Pattern.compile("(?m)^\\| `(\\w+)` \\|");
  private static final Pattern REPORTED = Pattern.compile("(?m)^\\| `(\\w+)` \\| (yes|no) ");
  private static final Pattern WORD = Pattern.compile("\"((?:[A-Z][a-z]+)+)\"");

  /** Words of Kubernetes, and of outcomes in the history, that are also reasons. */
  private static final Set<String> ALSO =
      Set.of("Ready", "ProgressDeadlineExceeded", "RolledBack", "RollingOut");

  @Test
  void everyReasonHasARowAndEveryRowIsAboutOne() throws IOException, IllegalAccessException {
    Set<String> reasons =
        Arrays.stream(Reason.values()).map(Reason::word).collect(Collectors.toSet());
    reasons.addAll(types());

    assertThat(matches(ROW, Files.readString(PAGE)).map(row -> row.group(1)).toList())
        .containsExactlyInAnyOrderElementsOf(everyRow(reasons));
    assertThat(types()).contains("ModelLoaded");
  }

  /** A type of condition and a reason of the same word have a row each. */
  private static List<String> everyRow(Set<String> words) throws IllegalAccessException {
    Set<String> types = types();
    return words.stream()
        .flatMap(
            word ->
                types.contains(word) && Reason.of(word).isPresent()
                    ? Stream.of(word, word)
                    : Stream.of(word))
        .toList();
  }

  @Test
  void whatPreflightReportsIsKnownAndFinalAsTheContractHasIt() throws IOException {
    for (Path page : List.of(CONTRACT, PAGE)) {
      Map<String, Boolean> reported = new TreeMap<>();
      matches(REPORTED, Files.readString(page))
          .forEach(row -> reported.put(row.group(1), row.group(2).equals("yes")));

      assertThat(reported).containsEntry("ChecksumMismatch", true).hasSizeGreaterThan(20);
      assertThat(reported)
          .allSatisfy(
              (word, isFinal) ->
                  assertThat(Reason.of(word))
                      .hasValueSatisfying(r -> assertThat(r.isFinal()).isEqualTo(isFinal)));
    }
  }

  @Test
  void noReasonIsWrittenAnywhereElse() throws IOException {
    Map<String, String> written = new TreeMap<>();
    try (Stream<Path> files = Files.walk(SOURCES)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
        String name = file.getFileName().toString();
        if (!name.equals("Reason.java") && !name.equals("ConditionType.java")) {
          matches(WORD, Files.readString(file))
              .map(match -> match.group(1))
              .filter(word -> Reason.of(word).isPresent() && !ALSO.contains(word))
              .forEach(word -> written.put(word, name));
        }
      }
    }
    assertThat(written).isEmpty();
  }

  private static Set<String> types() throws IllegalAccessException {
    Set<String> values = new TreeSet<>();
    for (Field field : ConditionType.class.getDeclaredFields()) {
      if (field.getType() == String.class && field.get(null) instanceof String value) {
        values.add(value);
      }
    }
    return values;
  }

  private static Stream<MatchResult> matches(Pattern pattern, String text) {
    return pattern.matcher(text).results();
  }
}
