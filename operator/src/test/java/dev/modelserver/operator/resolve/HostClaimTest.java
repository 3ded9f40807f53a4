package dev.modelserver.operator.resolve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.operator.Yaml;
import dev.modelserver.operator.api.v1alpha1.ModelServer;
import dev.modelserver.operator.resolve.HostClaim.Taken;
import dev.modelserver.operator.resolve.HostClaim.Way;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which of two ModelServers has a host and path. */
class HostClaimTest {
  @ParameterizedTest
  @CsvSource({
    // The same host and path, by an Ingress and by an Ingress or a route.
    "'ingress: {hosts: [a.example]}', 'ingress: {hosts: [a.example]}', true",
    "'ingress: {hosts: [a.example]}', 'gateway: {parentRefs: [{name: g}], hostnames: [a.example]}', true",
    "'ingress: {hosts: [a.example], paths: [/m]}', 'ingress: {hosts: [a.example], paths: [/m/]}', true",
    "'ingress: {hosts: [a.example], paths: [/m, /n]}', 'ingress: {hosts: [a.example], paths: [/n]}', true",
    // The prefix of the server is the path where none is named.
    "'{server: {pathPrefix: /m}, ingress: {hosts: [a.example]}}', '{server: {pathPrefix: /m}, ingress: {hosts: [a.example]}}', true",
    "'{server: {pathPrefix: /m}, ingress: {hosts: [a.example]}}', 'gateway: {parentRefs: [{name: g}], hostnames: [a.example], paths: [/m/]}', true",
    "'{server: {pathPrefix: /m}, ingress: {hosts: [a.example]}}', '{server: {pathPrefix: /n}, ingress: {hosts: [a.example]}}', false",
    "'{server: {pathPrefix: /m}, ingress: {hosts: [a.example]}}', 'ingress: {hosts: [a.example]}', false",
    "'{server: {pathPrefix: /m}, ingress: {hosts: [a.example], paths: [/]}}', 'ingress: {hosts: [a.example]}', true",
    "'{server: {pathPrefix: /m}, gateway: {parentRefs: [{name: g}], hostnames: [a.example]}}', '{server: {pathPrefix: /m}, ingress: {hosts: [a.example]}}', true",
    // Other paths of a host, other hosts.
    "'ingress: {hosts: [a.example]}', 'ingress: {hosts: [a.example], paths: [/m]}', false",
    "'ingress: {hosts: [a.example], paths: [/m]}', 'ingress: {hosts: [a.example], paths: [/m/n]}', false",
    "'ingress: {hosts: [a.example]}', 'ingress: {hosts: [b.example]}', false",
    // A wildcard is a host of its own.
    "'ingress: {hosts: [a.example]}', 'ingress: {hosts: [''*.example'']}', false",
    // All of a host is one route's where it is gRPC's.
    "'gateway: {parentRefs: [{name: g}], hostnames: [b.example], grpc: {hostnames: [a.example]}}', 'ingress: {hosts: [a.example], paths: [/m]}', true",
    "'gateway: {parentRefs: [{name: g}], hostnames: [a.example], paths: [/m]}', 'gateway: {parentRefs: [{name: g}], hostnames: [b.example], grpc: {hostnames: [a.example]}}', true"
  })
  void claimsOverlap(String younger, String older, boolean taken) {
    ModelServer mine = server("models", "mine", "2026-11-22T10:00:01Z", younger);
    ModelServer theirs = server("models", "theirs", "2026-11-22T10:00:00Z", older);

    assertThat(!HostClaim.taken(mine, Stream.of(mine, theirs)).isEmpty()).isEqualTo(taken);
    assertThat(HostClaim.taken(theirs, Stream.of(mine, theirs))).isEmpty();
  }

  @Test
  void ofTheSameSecondTheNameDecides() {
    ModelServer one =
        server("models", "a", "2026-11-22T10:00:00Z", "ingress: {hosts: [a.example]}");
    ModelServer two =
        server("models", "b", "2026-11-22T10:00:00Z", "ingress: {hosts: [a.example]}");
    ModelServer far = server("alpha", "z", "2026-11-22T10:00:00Z", "ingress: {hosts: [a.example]}");

    assertThat(HostClaim.taken(two, Stream.of(one))).hasSize(1);
    assertThat(HostClaim.taken(one, Stream.of(two))).isEmpty();
    assertThat(HostClaim.taken(one, Stream.of(far))).hasSize(1);
  }

  @Test
  void aModelServerOfAnotherNamespaceIsNotNamed() {
    ModelServer mine =
        server(
            "models", "mine", "2026-11-22T10:00:05Z", "ingress: {hosts: [a.example, b.example]}");
    ModelServer near =
        server("models", "near", "2026-11-22T10:00:01Z", "ingress: {hosts: [a.example]}");
    ModelServer far =
        server("secret", "far", "2026-11-22T10:00:00Z", "ingress: {hosts: [b.example]}");

    assertThat(HostClaim.taken(mine, Stream.of(near, far)))
        .containsExactly(
            new Taken(
                new HostClaim(Way.INGRESS, "a.example", Optional.of("/")), Optional.of("near")),
            new Taken(new HostClaim(Way.INGRESS, "b.example", Optional.of("/")), Optional.empty()));
  }

  @Test
  void oneThatIsBeingDeletedHasNothing() {
    ModelServer mine =
        server("models", "mine", "2026-11-22T10:00:05Z", "ingress: {hosts: [a.example]}");
    ModelServer leaving =
        server("models", "leaving", "2026-11-22T10:00:00Z", "ingress: {hosts: [a.example]}");
    leaving.getMetadata().setDeletionTimestamp("2026-11-22T10:00:06Z");

    assertThat(HostClaim.taken(mine, Stream.of(leaving))).isEmpty();
  }

  @Test
  void aHostOfWhichOnePathIsTakenIsLeftOutWhole() {
    ResolvedModelServer server =
        Yaml.resolved(
            """
            model: {uri: 'https://h/m'}
            gateway: {parentRefs: [{name: g}], hostnames: [a.example, b.example], paths: [/m], grpc: {hostnames: [c.example]}}
            """);
    List<Taken> taken =
        List.of(
            new Taken(
                new HostClaim(Way.HTTP_ROUTE, "a.example", Optional.of("/m")), Optional.empty()));

    Exposure.Gateway left = server.without(taken).exposure().gateway().orElseThrow();

    assertThat(left.hostnames()).containsExactly("b.example");
    assertThat(left.grpcHostnames()).containsExactly("c.example");
  }

  private static ModelServer server(
      String namespace, String name, String created, String exposure) {
    ModelServer server =
        Yaml.modelServer(
            exposure.startsWith("{")
                ? exposure.replaceFirst("[{]", "{model: {uri: 'https://h/m'}, ")
                : "model: {uri: 'https://h/m'}\n" + exposure);
    server.getMetadata().setNamespace(namespace);
    server.getMetadata().setName(name);
    server.getMetadata().setCreationTimestamp(created);
    return server;
  }
}
