package dev.modelserver.operator.revision;

import static dev.modelserver.operator.revision.Plans.failing;
import static dev.modelserver.operator.revision.Plans.good;
import static dev.modelserver.operator.revision.Plans.plan;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.operator.Yaml;
import dev.modelserver.operator.diagnosis.Cause;
import dev.modelserver.operator.names.Reason;
import dev.modelserver.operator.resolve.Access;
import dev.modelserver.operator.resolve.ResolvedModelServer;
import dev.modelserver.operator.snapshot.Observed;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Nothing automatic takes the TLS or the tokens away that a spec asks for. */
class AccessKeptTest {
  private static final String OPEN = "";
  private static final String PERMISSIVE = "server: {tls: {secretName: s, mode: Permissive}}";
  private static final String STRICT = "server: {tls: {secretName: s, mode: Strict}}";
  private static final String TOKENS =
      "server: {authentication: {mode: Strict, tokens: {secretName: t}}}";

  @Test
  void aFailingRevisionIsNotReplacedByAWeakerOne() {
    assertThat(rollback(OPEN, PERMISSIVE).rolledBack()).isFalse();
    assertThat(rollback(OPEN, TOKENS).rolledBack()).isFalse();
    assertThat(rollback(PERMISSIVE, STRICT).rolledBack()).isFalse();

    RevisionPlan kept = rollback(PERMISSIVE, STRICT);
    assertThat(kept.target()).isEqualTo(kept.current());
    assertThat(kept.current().rolledBack()).isEmpty();
    assertThat(kept.lastGood()).isPresent();
  }

  @Test
  void aFailingRevisionIsReplacedByOneThatIsAsStrict() {
    assertThat(rollback(PERMISSIVE, PERMISSIVE).rolledBack()).isTrue();
    assertThat(rollback(STRICT, PERMISSIVE).rolledBack()).isTrue();
    assertThat(rollback(STRICT, OPEN).rolledBack()).isTrue();
    assertThat(rollback(TOKENS, TOKENS).rolledBack()).isTrue();
  }

  @Test
  void aRefusedDeploymentIsNotReplacedByAWeakerOne() {
    assertThat(refused(OPEN, STRICT, World.empty()).instead()).isEmpty();
    assertThat(refused(STRICT, STRICT, World.empty()).instead()).isPresent();
  }

  @Test
  void aWeakerRevisionThatRunsGoesOnBesideARefusedDeployment() {
    String hash = version("v1", OPEN).workload().hash();

    RefusedDeployment refused = refused(OPEN, STRICT, World.of(World.complete(hash, 3)));

    assertThat(refused.instead()).isPresent();
    assertThat(refused.over()).isFalse();
  }

  @Test
  void besideASpecThatCannotBeRenderedNoWeakerRevisionIsPutInPlace() {
    List<Revision> history =
        plan(version("v2", STRICT), good(version("v1", OPEN)), World.empty()).kept();
    String strict = version("v2", STRICT).workload().hash();
    Observed moved = World.of(World.rolling(strict, 3, ""));

    Standby standby = Standby.of(Optional.of(access(STRICT)), history, moved);

    assertThat(standby.revision()).isEmpty();
    assertThat(standby.problem().orElseThrow())
        .contains("does not run in place of it, because it has no TLS");
    // What cannot be read is taken to ask for what the newest revision has.
    assertThat(Standby.of(Optional.empty(), history, moved).revision()).isEmpty();
    assertThat(Standby.of(Optional.of(Access.OPEN), history, moved).revision()).isPresent();
  }

  @Test
  void besideASpecThatCannotBeRenderedAWeakerRevisionThatRunsGoesOn() {
    ResolvedModelServer open = version("v1", OPEN);
    Observed running = World.of(World.complete(open.workload().hash(), 3));

    assertThat(Standby.of(Optional.of(access(STRICT)), good(open), running).revision()).isPresent();
  }

  @Test
  void clientsMayUseTlsOnceEveryPodSpeaksIt() {
    ResolvedModelServer open = version("v1", OPEN);
    ResolvedModelServer permissive = version("v2", PERMISSIVE);
    ResolvedModelServer strict = version("v3", STRICT);
    String two = permissive.workload().hash();
    List<Revision> history = good(permissive, good(open));
    Pod leaving = World.interrupted(open.workload().hash());

    assertThat(plan(permissive, good(open), rolling(open, 3)).encryption())
        .isEqualTo(Encryption.NONE);
    assertThat(plan(permissive, history, World.of(World.complete(two, 3), leaving)).encryption())
        .as("an old pod still ends")
        .isEqualTo(Encryption.NONE);
    assertThat(plan(permissive, history, World.of(World.complete(two, 3))).encryption())
        .isEqualTo(Encryption.OFFERED);
    assertThat(plan(strict, history, rolling(permissive, 3)).encryption())
        .isEqualTo(Encryption.REQUIRED);
    assertThat(plan(open, history, rolling(permissive, 3)).encryption()).isEqualTo(Encryption.NONE);
  }

  private static Observed rolling(ResolvedModelServer running, int pods) {
    return World.of(World.complete(running.workload().hash(), pods));
  }

  private static RevisionPlan rollback(String from, String to) {
    return failing(version("v2", to), good(version("v1", from)), "ChecksumMismatch", true);
  }

  private static RefusedDeployment refused(String from, String to, Observed observed) {
    ResolvedModelServer server = version("v2", to);
    RevisionPlan plan = plan(server, good(version("v1", from)), observed);
    return RefusedDeployment.of(
        server, plan, Cause.of(Reason.INVALID, "refused"), World.NOW, observed);
  }

  private static Access access(String server) {
    return version("v1", server).workload().access();
  }

  private static ResolvedModelServer version(String version, String server) {
    return Yaml.resolved("model: {uri: 'https://h/m', version: %s}\n%s".formatted(version, server));
  }
}
