package dev.modelserver.operator.revision;

import static dev.modelserver.operator.revision.Plans.V1;
import static dev.modelserver.operator.revision.Plans.V2;
import static dev.modelserver.operator.revision.Plans.failing;
import static dev.modelserver.operator.revision.Plans.good;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.operator.Yaml;
import dev.modelserver.operator.api.v1alpha1.RecordedRevision;
import dev.modelserver.operator.names.Labels;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A record counts as far as the status confirms it. */
class StoredRevisionsTest {
  private static final List<Revision> HISTORY = failing(V2, good(V1), "InvalidModel", true).kept();
  private static final List<ControllerRevision> RECORDS =
      HISTORY.stream().map(StoredRevisionsTest::record).toList();
  private static final List<RecordedRevision> SAID = RecordHashes.of(RECORDS);

  @Test
  void believesWhatItWrote() {
    StoredRevisions read = read(SAID, _ -> {});

    assertThat(read.history()).isEqualTo(HISTORY);
    assertThat(read.believed()).hasSize(2);
    assertThat(read.ignored()).isEmpty();
    assertThat(read.whyIgnored()).isEmpty();
  }

  @Test
  void believesARecordWhileItsFactsAreBeingWritten() {
    Revision first = HISTORY.getFirst();
    List<RecordedRevision> both =
        RecordHashes.before(
                SAID, RecordHashes.of(List.of(record(first.forgotten(Optional.empty())))))
            .orElseThrow();

    assertThat(both.getFirst().facts()).hasSize(2);
    assertThat(read(both, _ -> {}).history()).isEqualTo(HISTORY);
    assertThat(RecordHashes.before(SAID, SAID)).isEmpty();
    assertThat(RecordHashes.before(both, SAID)).isEmpty();
  }

  static Stream<Arguments> forgedData() {
    return Stream.of(
        Arguments.of(
            "another image",
            forging(
                record ->
                    template(record).replaceFirst("\"image\":\"[^\"]*\"", "\"image\":\"evil:1\""))),
        Arguments.of(
            "a privileged pod",
            forging(
                record ->
                    template(record).replaceFirst("\"spec\":\\{", "\"spec\":{\"hostPID\":true,"))),
        Arguments.of("no template", (Consumer<ControllerRevision>) r -> r.setData(Map.of("a", 1))),
        Arguments.of("no data", (Consumer<ControllerRevision>) r -> r.setData(null)),
        Arguments.of("too deep", (Consumer<ControllerRevision>) r -> r.setData(deep(1500))),
        Arguments.of(
            "another name",
            (Consumer<ControllerRevision>) r -> r.getMetadata().setName("iris-ffffffffff")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("forgedData")
  void ignoresARecordWithOtherData(String what, Consumer<ControllerRevision> forgery) {
    StoredRevisions read = read(SAID, forgery);

    assertThat(read.history()).as(what).isEqualTo(HISTORY.subList(1, 2));
    assertThat(read.ignored()).hasSize(1);
    assertThat(read.whyIgnored().orElseThrow().getKey()).isEqualTo("RevisionTampered");
  }

  static Stream<Arguments> forgedFacts() {
    return Stream.of(
        fact("modelserver.dev/proven-at", "7"),
        fact("modelserver.dev/rolled-back", "{}"),
        fact("modelserver.dev/rollback-to", "{}"),
        fact("modelserver.dev/baseline", ""),
        fact("modelserver.dev/preflight", "{}"),
        Arguments.of("number", (Consumer<ControllerRevision>) r -> r.setRevision(99L)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("forgedFacts")
  void forgetsFactsThatWereChanged(String what, Consumer<ControllerRevision> forgery) {
    StoredRevisions read = read(SAID, forgery);

    Revision first = read.history().getFirst();
    assertThat(first.template()).as(what).isEqualTo(HISTORY.getFirst().template());
    assertThat(first.facts()).isEqualTo(Facts.NONE);
    assertThat(first.proven()).isFalse();
    assertThat(read.ignored()).hasSize(1);
    assertThat(read.whyIgnored().orElseThrow().getValue()).contains("iris-" + first.hash());
  }

  @Test
  void ignoresWhatTheOperatorCouldNotHaveRendered() {
    StoredRevisions read = StoredRevisions.of(RECORDS, SAID, _ -> false);

    assertThat(read.history()).isEmpty();
    assertThat(read.ignored()).hasSize(2);
  }

  @Test
  void doesNotKnowRecordsBesideAnEmptyStatus() {
    StoredRevisions read = StoredRevisions.of(RECORDS, List.of(), _ -> true);

    assertThat(read.history()).isEmpty();
    assertThat(read.whyIgnored().orElseThrow().getKey()).isEqualTo("RevisionUnverified");
    assertThat(StoredRevisions.of(List.of(), List.of(), _ -> true).whyIgnored())
        .isEqualTo(Optional.empty());
  }

  private static StoredRevisions read(
      List<RecordedRevision> said, Consumer<ControllerRevision> forgery) {
    List<ControllerRevision> stored =
        RECORDS.stream()
            .map(Yaml::write)
            .map(text -> Yaml.read(ControllerRevision.class, text))
            .toList();
    forgery.accept(stored.getFirst());
    return StoredRevisions.of(stored, said, _ -> true);
  }

  private static Arguments fact(String annotation, String value) {
    return Arguments.of(
        annotation,
        (Consumer<ControllerRevision>)
            record -> {
              Map<String, String> all = new TreeMap<>(record.getMetadata().getAnnotations());
              all.put(annotation, value);
              record.getMetadata().setAnnotations(all);
            });
  }

  private static Consumer<ControllerRevision> forging(
      java.util.function.Function<ControllerRevision, String> data) {
    return record -> record.setData(Yaml.read(Map.class, data.apply(record)));
  }

  private static String template(ControllerRevision record) {
    return RevisionRecord.text(record.getData());
  }

  private static Object deep(int levels) {
    Object inner = Map.of();
    for (int i = 0; i < levels; i++) {
      inner = Map.of("a", inner);
    }
    return Map.of("template", inner, "config", Map.of());
  }

  private static ControllerRevision record(Revision revision) {
    return RevisionRecord.of(revision, Labels.metadata(V1.owner(), "iris-" + revision.hash()));
  }
}
