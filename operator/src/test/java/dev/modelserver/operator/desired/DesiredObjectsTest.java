package dev.modelserver.operator.desired;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.operator.Yaml;
import dev.modelserver.operator.resolve.ResolvedModelServer;
import dev.modelserver.operator.revision.Revision;
import dev.modelserver.operator.revision.RevisionPlanner;
import dev.modelserver.operator.revision.World;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What stays for earlier revisions, and what goes. */
class DesiredObjectsTest {
  private static final String MODEL = "model: {uri: 'https://h/m'}\n";
  private static final ResolvedModelServer OURS = Yaml.resolved(MODEL);
  private static final ResolvedModelServer THEIRS =
      Yaml.resolved(MODEL + "pod: {serviceAccountName: mine}");

  @Test
  void ourAccountStaysWhileAKeptRevisionNamesIt() {
    List<Revision> before = kept(OURS, List.of());

    DesiredObjects desired = desired(THEIRS, before);

    assertThat(names(desired.before())).doesNotContain("ServiceAccount iris-server");
    assertThat(names(desired.lasting())).containsExactly("ServiceAccount iris-server");
    assertThat(names(desired.unwanted())).doesNotContain("ServiceAccount iris-server");
  }

  @Test
  void ourAccountGoesWithTheLastRevisionThatNamesIt() {
    DesiredObjects desired = desired(THEIRS, List.of());

    assertThat(names(desired.before())).doesNotContain("ServiceAccount iris-server");
    assertThat(desired.lasting()).isEmpty();
    assertThat(names(desired.unwanted())).contains("ServiceAccount iris-server");
  }

  @Test
  void aSpecThatCannotBeRenderedKeepsTheAccountOfTheGoodRevisionAlone() {
    assertThat(
            names(
                DesiredObjects.keeping(OURS, kept(OURS, List.of()).getFirst(), List.of("/"))
                    .after()))
        .contains("ServiceAccount iris-server");
    assertThat(
            names(
                DesiredObjects.keeping(OURS, kept(THEIRS, List.of()).getFirst(), List.of("/"))
                    .after()))
        .doesNotContain("ServiceAccount iris-server");
  }

  @Test
  void theHeadlessServiceGoesWhenItIsSwitchedOff() {
    ResolvedModelServer headless = Yaml.resolved(MODEL + "service: {headless: Enabled}");

    assertThat(names(desired(headless, List.of()).after())).contains("Service iris-headless");
    assertThat(names(desired(headless, List.of()).unwanted()))
        .doesNotContain("Service iris-headless");
    assertThat(names(desired(OURS, List.of()).after())).doesNotContain("Service iris-headless");
    assertThat(names(desired(OURS, List.of()).unwanted())).contains("Service iris-headless");
  }

  private static DesiredObjects desired(ResolvedModelServer server, List<Revision> history) {
    return DesiredObjects.of(
        server, RevisionPlanner.plan(server, history, World.empty(), () -> Yaml.rendered(server)));
  }

  private static List<Revision> kept(ResolvedModelServer server, List<Revision> history) {
    return RevisionPlanner.plan(server, history, World.empty(), () -> Yaml.rendered(server)).kept();
  }

  private static List<String> names(List<HasMetadata> objects) {
    return objects.stream()
        .map(object -> object.getKind() + " " + object.getMetadata().getName())
        .toList();
  }
}
