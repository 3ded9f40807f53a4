package dev.modelserver.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.operator.Yaml;
import dev.modelserver.operator.api.v1alpha1.ModelServer;
import dev.modelserver.operator.resolve.HostClaim;
import dev.modelserver.operator.resolve.HostClaim.Way;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who looks again when a host becomes free or is taken. */
class HostIndexTest {
  private final List<ModelServer> all = new ArrayList<>();
  private final HostIndex index =
      new HostIndex(
          host ->
              all.stream()
                  .filter(s -> HostClaim.of(s).stream().anyMatch(c -> c.host().equals(host)))
                  .toList(),
          id -> all.stream().filter(s -> ResourceID.fromResource(s).equals(id)).findFirst());

  static Stream<HasMetadata> objects() {
    return Stream.of(
        Yaml.read(
            Ingress.class,
            """
            metadata: {name: old, namespace: models, labels: {modelserver.dev/name: old}}
            spec: {rules: [{host: a.example}, {}]}
            """),
        Yaml.read(
            HTTPRoute.class,
            """
            metadata: {name: old, namespace: models, labels: {modelserver.dev/name: old}}
            spec: {hostnames: [a.example]}
            """));
  }

  @ParameterizedTest
  @MethodSource("objects")
  void whoWaitsIsToldWhenTheOwnerIsGone(HasMetadata object) {
    all.add(server("young", "a.example"));
    all.add(server("other", "b.example"));

    assertThat(index.waiting(object)).containsExactly(id("young"));
  }

  @ParameterizedTest
  @MethodSource("objects")
  void whoWaitsIsToldWhenTheOwnerNoLongerAsks(HasMetadata object) {
    all.add(server("young", "a.example"));
    all.add(server("old", "b.example"));

    assertThat(index.waiting(object)).containsExactly(id("young"));
  }

  @ParameterizedTest
  @MethodSource("objects")
  void nobodyIsToldWhileTheOwnerAsks(HasMetadata object) {
    all.add(server("young", "a.example"));
    all.add(server("old", "a.example"));

    assertThat(index.waiting(object)).isEmpty();
  }

  @Test
  void whatMovedConcernsTheOthersThatAskForIt() {
    ModelServer old = server("old", "b.example");
    all.add(old);
    all.add(server("young", "a.example"));
    all.add(server("third", "b.example"));

    Set<HostClaim> a = Set.of(place("a.example", "/"));
    Set<HostClaim> b = Set.of(place("b.example", "/"));
    assertThat(index.concerned(old, a, b)).isEqualTo(Set.of(id("young"), id("third")));
    assertThat(index.concerned(old, b, b)).isEmpty();
  }

  @Test
  void aPathThatMovesConcernsThoseThatAskForItAlone() {
    ModelServer old = server("old", "a.example");
    all.add(old);
    all.add(server("young", "a.example"));
    all.add(
        Yaml.modelServer(
            """
            model: {uri: 'https://h/m'}
            server: {pathPrefix: /iris}
            ingress: {hosts: [a.example]}
            """));
    Set<HostClaim> whole = Set.of(place("a.example", "/"));
    Set<HostClaim> digits = Set.of(place("a.example", "/digits"));

    assertThat(index.concerned(old, whole, digits)).isEqualTo(Set.of(id("young")));
    assertThat(index.concerned(old, digits, Set.of(place("a.example", "/iris"))))
        .isEqualTo(Set.of(id("iris")));
  }

  @Test
  void whoWaitsForAPathIsToldWhenItsOwnerAsksForAnother() {
    all.add(server("young", "a.example"));
    all.add(
        named(
            "old",
            """
            model: {uri: 'https://h/m'}
            server: {pathPrefix: /iris}
            ingress: {hosts: [a.example]}
            """));
    Ingress left =
        Yaml.read(
            Ingress.class,
            """
            metadata: {name: old, namespace: models, labels: {modelserver.dev/name: old}}
            spec: {rules: [{host: a.example, http: {paths: [{path: /}]}}]}
            """);

    assertThat(index.waiting(left)).containsExactly(id("young"));
  }

  @Test
  void thoseOfAHostAreKnown() {
    ModelServer old = server("old", "a.example");
    all.add(old);
    all.add(server("young", "a.example"));
    all.add(server("other", "b.example"));

    assertThat(index.sharing(old))
        .extracting(s -> s.getMetadata().getName())
        .containsExactly("old", "young");
  }

  private static ResourceID id(String name) {
    return new ResourceID(name, "models");
  }

  private static HostClaim place(String host, String path) {
    return HostClaim.of(Way.INGRESS, host, path);
  }

  private static ModelServer server(String name, String host) {
    return named(name, "model: {uri: 'https://h/m'}\ningress: {hosts: [%s]}".formatted(host));
  }

  private static ModelServer named(String name, String spec) {
    ModelServer server = Yaml.modelServer(spec);
    server.getMetadata().setName(name);
    server.getMetadata().setUid(name);
    return server;
  }
}
