package dev.modelserver.operator.revision;

import static dev.modelserver.operator.revision.Plans.V1;
import static dev.modelserver.operator.revision.Plans.V2;
import static dev.modelserver.operator.revision.Plans.failing;
import static dev.modelserver.operator.revision.Plans.good;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.operator.Yaml;
import dev.modelserver.operator.names.Labels;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A revision survives being stored, and what people do to the record. */
class RevisionRecordTest {
  @ParameterizedTest
  @ValueSource(strings = {"", "null", "{}", "abc", "[]", "-1", "99999999999999999999"})
  void anEditedAnnotationIsObservedAnew(String text) {
    Revision revision = failing(V2, good(V1), "InvalidModel", true).current();
    var metadata = Labels.metadata(V1.owner(), "iris-" + revision.hash());
    metadata.getLabels().put(Labels.REVISION, revision.hash());
    var stored = RevisionRecord.of(revision, metadata);
    stored.getMetadata().getAnnotations().replaceAll((key, value) -> text);
    stored.getMetadata().getAnnotations().put("modelserver.dev/proven-at", text);
    stored.getMetadata().getAnnotations().put("modelserver.dev/preflight", text);

    Revision read = RevisionRecord.parse(stored).orElseThrow();

    assertThat(read.provenAt()).isZero();
    assertThat(read.rolledBack()).isEmpty();
    assertThat(read.report()).isEmpty();
    assertThat(read.template()).isEqualTo(revision.template());
  }

  @Test
  void survivesItsOwnRecord() {
    List<Revision> history = failing(V2, good(V1), "InvalidModel", true).kept();

    List<Revision> read =
        history.stream()
            .map(
                r -> {
                  var metadata = Labels.metadata(V1.owner(), "iris-" + r.hash());
                  metadata.getLabels().put(Labels.REVISION, r.hash());
                  return RevisionRecord.of(r, metadata);
                })
            .map(Yaml::write)
            .map(y -> Yaml.read(io.fabric8.kubernetes.api.model.apps.ControllerRevision.class, y))
            .map(RevisionRecord::parse)
            .map(Optional::orElseThrow)
            .toList();

    assertThat(read).isEqualTo(history);
  }
}
