package dev.modelserver.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.JsonNode;
import dev.modelserver.operator.Yaml;
import dev.modelserver.operator.api.v1alpha1.ModelServer;
import dev.modelserver.operator.reconcile.FakeApiServer.Fault;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whole passes of a ModelServer with an Ingress and routes. */
class ExposedPassTest {
  private static final String PLAIN = "model: {uri: 'https://h/m', version: v1}\nreplicas: 2";
  private static final String OUTSIDE =
      """

      ingress: {className: contour, hosts: [a.example.com]}
      gateway: {parentRefs: [{name: contour}], hostnames: [b.example.com], grpc: {hostnames: [c.example.com]}}
      """;
  private static final String SECURE =
      "\nserver: {tls: {secretName: s, mode: Permissive, caConfigMap: {name: ca, key: ca.crt}}}";
  private static final String INVALID = "model: {uri: 'ftp://h/m'}\nreplicas: 2";

  private final WholePass pass = new WholePass();

  @AfterEach
  void close() {
    pass.close();
  }

  @Test
  void allThreeAreMadeAfterTheService() {
    pass.pass(PLAIN + OUTSIDE);

    assertThat(pass.server.writes())
        .containsSubsequence(
            "apply Service iris",
            "apply Ingress iris",
            "apply HTTPRoute iris",
            "apply GRPCRoute iris-grpc");
    assertThat(pass.conditions()).contains("Exposed=Unknown/ExposurePending");
    assertThat(pass.moves).containsExactly("[] > [a.example.com, b.example.com, c.example.com]");
  }

  @Test
  void nothingIsWrittenAgain() {
    pass.pass(PLAIN + OUTSIDE);
    pass.run();
    pass.server.forgetWrites();
    pass.run();

    assertThat(pass.server.writes()).isEmpty();
    assertThat(pass.moves.getLast())
        .isEqualTo(
            "[a.example.com, b.example.com, c.example.com] > [a.example.com, b.example.com, c.example.com]");
  }

  @Test
  void anIngressIsMadeWithoutTheKindsOfGatewayApi() {
    pass.server.servesRoutes(false);
    pass.pass(PLAIN + OUTSIDE);

    assertThat(pass.server.writes())
        .contains("apply Ingress iris")
        .doesNotContain("apply HTTPRoute iris", "apply GRPCRoute iris-grpc");
    assertThat(pass.conditions()).contains("Exposed=False/RouteKindMissing");
    assertThat(pass.events()).contains("Warning/RouteKindMissing");
  }

  @Test
  void whatIsNoLongerAskedForIsDeleted() {
    pass.pass(PLAIN + OUTSIDE);
    pass.server.forgetWrites();
    pass.pass(PLAIN);

    assertThat(pass.server.writes())
        .containsSubsequence(
            "delete Ingress iris", "delete HTTPRoute iris", "delete GRPCRoute iris-grpc");
    assertThat(pass.conditions()).noneMatch(c -> c.startsWith("Exposed"));
  }

  @Test
  void aGatewaySpeaksTlsOnceEveryPodDoes() {
    String policy = "apply BackendTLSPolicy iris";
    pass.pass(PLAIN + OUTSIDE);
    pass.rolledOut();
    pass.pass(PLAIN + OUTSIDE);
    pass.server.forgetWrites();
    pass.pass(PLAIN + SECURE + OUTSIDE);

    assertThat(pass.server.writes()).contains("apply Deployment iris").doesNotContain(policy);

    pass.rolledOut();
    pass.run();

    assertThat(pass.server.writes()).contains(policy);
    assertThat(pass.server.ofKind("BackendTLSPolicy").getFirst().path("spec"))
        .isEqualTo(
            Yaml.read(
                JsonNode.class,
                """
                targetRefs: [{group: '', kind: Service, name: iris}]
                validation:
                  caCertificateRefs: [{group: '', kind: ConfigMap, name: ca}]
                  hostname: iris.models.svc
                """));

    pass.server.forgetWrites();
    pass.pass(PLAIN + OUTSIDE);

    assertThat(pass.server.writes()).contains("delete BackendTLSPolicy iris");
  }

  /** Old pods know nothing of the prefix: what leads to them stays until they are gone. */
  @Test
  void thePathOfThePrefixIsTheOnlyOneOnceEveryPodHasIt() {
    String prefixed = PLAIN + "\nserver: {pathPrefix: /iris}" + OUTSIDE;
    pass.pass(PLAIN + OUTSIDE);
    pass.rolledOut();
    pass.pass(PLAIN + OUTSIDE);
    assertThat(paths()).containsExactly("/", "/");

    pass.pass(prefixed);
    assertThat(paths()).containsExactly("/", "/iris", "/", "/iris");

    pass.rolledOut();
    pass.run();
    assertThat(paths()).containsExactly("/iris", "/iris");

    pass.pass(INVALID + OUTSIDE);
    assertThat(paths()).as("of the pods beside an invalid spec").containsExactly("/iris", "/iris");

    pass.pass(PLAIN + OUTSIDE);
    assertThat(paths()).containsExactly("/", "/iris", "/", "/iris");
  }

  private List<String> paths() {
    JsonNode ingress = pass.server.ofKind("Ingress").getFirst().at("/spec/rules/0/http/paths");
    JsonNode route = pass.server.ofKind("HTTPRoute").getFirst().at("/spec/rules/0/matches");
    return Stream.concat(
            ingress.valueStream().map(path -> path.path("path").asText()),
            route.valueStream().map(match -> match.at("/path/value").asText()))
        .toList();
  }

  @Test
  void aRefusedIngressTouchesExposedAlone() {
    pass.spec(PLAIN + OUTSIDE);
    pass.server.refuse(
        Optional.of(new Fault("apply Ingress", "", 422, "Ingress is invalid: the words")));

    Throwable again = catchThrowable(pass::run);

    assertThat(again).isInstanceOf(NotYet.class);
    assertThat(pass.server.writes()).contains("apply Deployment iris", "apply HTTPRoute iris");
    assertThat(pass.conditions())
        .contains("Exposed=False/Invalid", "Ready=False/RollingOut")
        .noneMatch(c -> c.startsWith("Stalled"));
  }

  @Test
  void besideAnInvalidSpecTheyAreKeptAndFollowTheirPartOfIt() {
    pass.pass(PLAIN + OUTSIDE);
    pass.rolledOut();
    pass.pass(PLAIN + OUTSIDE);
    pass.server.remove("Ingress");
    pass.server.forgetWrites();
    pass.pass(INVALID + OUTSIDE);

    assertThat(pass.server.writes()).contains("apply Ingress iris");
    assertThat(pass.conditions()).contains("Ready=False/InvalidSpec");
    assertThat(pass.conditions()).anyMatch(c -> c.startsWith("Exposed="));

    pass.server.forgetWrites();
    pass.pass(INVALID);

    assertThat(pass.server.writes())
        .contains("delete Ingress iris", "delete HTTPRoute iris")
        .noneMatch(write -> write.contains("Deployment"));
  }

  @Test
  void besideASpecThatCannotBeReadTheyStayAsTheyAre() {
    pass.pass(PLAIN + OUTSIDE);
    pass.rolledOut();
    pass.pass(PLAIN + OUTSIDE);
    pass.server.forgetWrites();
    pass.pass("service: {port: 9000}\nmodel: {uri: 'https://h/m'}" + OUTSIDE);

    assertThat(pass.conditions()).contains("Ready=False/InvalidSpec");
    assertThat(pass.server.writes())
        .noneMatch(write -> write.contains("Ingress") || write.contains("Route"));
  }

  @Test
  void whatAnOlderModelServerHasIsLeftOut() {
    pass.put(
        "apis/modelserver.dev/v1alpha1/namespaces/models/modelservers",
        older("ingress: {hosts: [a.example.com]}"));
    pass.pass(PLAIN + OUTSIDE);

    assertThat(pass.server.writes())
        .contains("apply HTTPRoute iris", "apply GRPCRoute iris-grpc", "apply Deployment iris")
        .doesNotContain("apply Ingress iris");
    assertThat(pass.conditions()).contains("Exposed=False/HostConflict");
    assertThat(pass.moves).containsExactly("[] > [b.example.com, c.example.com]");
  }

  @Test
  void aHostThatGoesToAnOlderModelServerLeavesTheIngress() {
    pass.pass(PLAIN + OUTSIDE);
    pass.server.forgetWrites();
    pass.put(
        "apis/modelserver.dev/v1alpha1/namespaces/models/modelservers",
        older("ingress: {hosts: [a.example.com]}"));
    pass.run();

    assertThat(pass.server.writes()).contains("delete Ingress iris");
    assertThat(pass.server.ofKind("HTTPRoute")).hasSize(1);
  }

  private static ModelServer older(String exposure) {
    ModelServer server = Yaml.modelServer(PLAIN + "\n" + exposure);
    // Of the same second as iris: the name decides.
    server.getMetadata().setName("ante");
    server.getMetadata().setUid("8d2b");
    return server;
  }

  @Test
  void theIngressLeadsToTheService() {
    pass.pass(PLAIN + OUTSIDE);

    assertThat(
            pass.server
                .ofKind("Ingress")
                .getFirst()
                .at("/spec/rules/0/http/paths/0/backend/service/port/name")
                .asText())
        .isEqualTo("http");
    assertThat(List.of(80, 9000))
        .containsExactly(
            pass.server
                .ofKind("HTTPRoute")
                .getFirst()
                .at("/spec/rules/0/backendRefs/0/port")
                .asInt(),
            pass.server
                .ofKind("GRPCRoute")
                .getFirst()
                .at("/spec/rules/0/backendRefs/0/port")
                .asInt());
  }
}
