package dev.modelserver.operator.revision;

import static dev.modelserver.operator.revision.Plans.failing;
import static dev.modelserver.operator.revision.Plans.good;
import static dev.modelserver.operator.revision.Plans.plan;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.operator.Yaml;
import dev.modelserver.operator.resolve.ResolvedModelServer;
import dev.modelserver.operator.snapshot.Observed;
import dev.modelserver.operator.snapshot.Outside;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What leads to pods from outside follows the prefix that they have, and not the spec alone. */
class RootsTest {
  private static final ResolvedModelServer PLAIN = version("v1", "");
  private static final ResolvedModelServer IRIS = version("v2", "server: {pathPrefix: /iris}");
  private static final ResolvedModelServer FLOWER = version("v3", "server: {pathPrefix: /flower}");

  @Test
  void thePrefixIsTheRootOfARevision() {
    assertThat(plan(PLAIN, List.of(), World.empty()).roots()).containsExactly("/");
    assertThat(plan(IRIS, List.of(), World.empty()).roots()).containsExactly("/iris");
  }

  @Test
  void eachPodThatMayBeAskedCounts() {
    Pod leaving = World.interrupted(PLAIN.workload().hash());

    assertThat(plan(IRIS, good(PLAIN), running(PLAIN, "/")).roots()).containsExactly("/", "/iris");
    assertThat(plan(IRIS, good(IRIS, good(PLAIN)), running(IRIS, "/", leaving)).roots())
        .as("an old pod still ends")
        .containsExactly("/", "/iris");
    assertThat(plan(IRIS, good(IRIS, good(PLAIN)), running(IRIS, "/")).roots())
        .containsExactly("/iris");
    assertThat(plan(FLOWER, good(IRIS), running(IRIS, "/iris")).roots())
        .containsExactly("/flower", "/iris");
  }

  @Test
  void afterARollbackItIsThatOfThePodsThatRun() {
    RevisionPlan failed = failing(IRIS, good(PLAIN), "ChecksumMismatch", true);

    assertThat(failed.rolledBack()).isTrue();
    assertThat(plan(IRIS, failed.kept(), running(PLAIN, "/")).roots()).containsExactly("/");
  }

  /** A younger ModelServer that leaves a host to an older one by its prefix has nothing there. */
  @Test
  void aPathThatTheSpecDoesNotAskForIsKeptAndNeverTaken() {
    List<Revision> failed = failing(IRIS, good(PLAIN), "ChecksumMismatch", true).kept();

    assertThat(plan(IRIS, good(PLAIN), running(PLAIN, "/other")).roots()).containsExactly("/iris");
    assertThat(plan(IRIS, failed, running(PLAIN, "/other")).roots()).containsExactly("/iris");
  }

  /** All pods are of this revision but those that leave, and an Ingress leads from this path. */
  private static Observed running(ResolvedModelServer server, String path, Pod... leaving) {
    Observed seen = World.of(World.complete(server.workload().hash(), 3), leaving);
    Ingress ingress =
        Yaml.read(
            Ingress.class,
            """
            metadata: {name: iris, namespace: models}
            spec: {rules: [{host: a.example, http: {paths: [{path: %s}]}}]}
            """
                .formatted(path));
    return new Observed(
        seen.deployment(),
        seen.autoscaler(),
        seen.pods(),
        seen.leaving(),
        seen.warnings(),
        seen.otherServices(),
        new Outside(
            Optional.of(ingress), Optional.empty(), Optional.empty(), Optional.empty(), List.of()),
        seen.optionalKinds(),
        seen.now());
  }

  private static ResolvedModelServer version(String version, String server) {
    return Yaml.resolved("model: {uri: 'https://h/m', version: %s}\n%s".formatted(version, server));
  }
}
