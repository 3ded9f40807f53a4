package dev.modelserver.operator.status;

import static dev.modelserver.operator.status.Situations.CLOCK;
import static dev.modelserver.operator.status.Situations.ONE;
import static dev.modelserver.operator.status.Situations.condition;
import static dev.modelserver.operator.status.Situations.find;
import static dev.modelserver.operator.status.Situations.good;
import static dev.modelserver.operator.status.Situations.plan;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.operator.Yaml;
import dev.modelserver.operator.api.v1alpha1.Condition;
import dev.modelserver.operator.api.v1alpha1.ExternalUrls;
import dev.modelserver.operator.api.v1alpha1.ModelServer;
import dev.modelserver.operator.api.v1alpha1.ModelServerStatus;
import dev.modelserver.operator.apply.Refusal;
import dev.modelserver.operator.resolve.HostClaim;
import dev.modelserver.operator.resolve.HostClaim.Taken;
import dev.modelserver.operator.resolve.HostClaim.Way;
import dev.modelserver.operator.revision.Encryption;
import dev.modelserver.operator.revision.RevisionPlan;
import dev.modelserver.operator.revision.World;
import dev.modelserver.operator.snapshot.Observed;
import dev.modelserver.operator.snapshot.Outside;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntryBuilder;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.BackendTLSPolicy;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.GRPCRoute;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressSpec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The condition `Exposed` and the addresses outside the cluster. */
class ExposedTest {
  private static final String MODEL = "model: {uri: 'https://h/m', version: v1}\nreplicas: 3\n";
  private static final String INGRESS = "ingress: {className: contour, hosts: [a.example]}";
  private static final String GATEWAY =
      "gateway: {parentRefs: [{name: edge, namespace: infra}], hostnames: [a.example], paths: [/, /v2/]}";
  private static final String GRPC =
      "gateway: {parentRefs: [{name: edge, port: 443}], hostnames: [a.example], grpc: {hostnames: [g.example]}}";
  private static final String LONG_AGO = "2026-11-22T09:00:00Z";
  private static final String NOW = "2026-11-22T09:59:45Z";
  private static final Set<Class<?>> KINDS = Set.of(HTTPRoute.class, GRPCRoute.class);

  private static final Set<Class<?>> TLS_KINDS =
      Set.of(HTTPRoute.class, GRPCRoute.class, BackendTLSPolicy.class);
  private static final String SECURE =
      "server: {tls: {secretName: s, mode: Permissive, caConfigMap: {name: ca, key: ca.crt}}}\n"
          + GATEWAY;

  @Test
  void nothingIsSaidWhereNothingIsAskedFor() {
    ModelServerStatus status = status(MODEL, Outside.NONE, KINDS);

    assertThat(find(status, "Exposed")).isEmpty();
    assertThat(status.urls()).isNull();
  }

  @Test
  void anAddressOfTheIngressIsTold() {
    ModelServerStatus status =
        status(
            MODEL + INGRESS,
            seen(ingress(LONG_AGO, "[{ip: 10.0.0.1}, {hostname: lb.example}]")),
            Set.of());

    assertExposed(status, "True", "Exposed", "Ingress iris has the address 10.0.0.1, lb.example");
    assertThat(status.urls()).isEqualTo(new ExternalUrls(List.of("http://a.example"), null));
  }

  @Test
  void aSecretCannotBeSeen() {
    ModelServerStatus status =
        status(
            MODEL + "ingress: {hosts: [a.example], paths: [/m], tls: {secretName: cert}}",
            seen(ingress(LONG_AGO, "[{ip: 10.0.0.1}]")),
            Set.of());

    assertExposed(
        status, "True", "Exposed", "The operator reads no Secrets: whether Secret cert is there");
    assertThat(status.urls()).isEqualTo(new ExternalUrls(List.of("https://a.example/m"), null));
  }

  @Test
  void theAddressesHaveThePrefixOfThePods() {
    String prefixed = MODEL + "server: {pathPrefix: /iris}\n";
    Outside led =
        new Outside(
            Optional.of(leading(ingress(LONG_AGO, "[{ip: 10.0.0.1}]"))),
            Optional.of(route(LONG_AGO, report("infra", "Accepted", "True", "Accepted", ""))),
            Optional.empty(),
            Optional.empty(),
            List.of());
    String both = prefixed + INGRESS + "\n" + GATEWAY.replace(", paths: [/, /v2/]", "");

    assertThat(urls(both, led, Yaml.resolved(both).workload().hash()))
        .isEqualTo(new ExternalUrls(List.of("http://a.example/iris", "//a.example/iris"), null));
    assertThat(urls(both, led, ONE))
        .as("while pods without a prefix run")
        .isEqualTo(
            new ExternalUrls(
                List.of(
                    "http://a.example", "http://a.example/iris", "//a.example", "//a.example/iris"),
                null));
    assertThat(urls(prefixed + GATEWAY, led, ONE))
        .as("paths that are named")
        .isEqualTo(new ExternalUrls(List.of("//a.example", "//a.example/v2/"), null));
  }

  /** The Ingress as it was made before there was a prefix. */
  private static Ingress leading(Ingress ingress) {
    ingress.setSpec(
        Yaml.read(IngressSpec.class, "rules: [{host: a.example, http: {paths: [{path: /}]}}]"));
    return ingress;
  }

  /** The addresses, where pods of this revision run. */
  private static @Nullable ExternalUrls urls(String spec, Outside outside, String running) {
    ModelServer server = Yaml.modelServer(spec);
    Observed seen = observed(outside, KINDS, running);
    return new StatusFactory(CLOCK).of(server, situation(server, seen, Map.of())).urls();
  }

  @Test
  void anIngressWithoutAnAddressIsWaitedForAndThenTold() {
    assertExposed(
        status(MODEL + INGRESS, seen(ingress(NOW, "[]")), Set.of()),
        "Unknown",
        "ExposurePending",
        "Ingress iris has no address yet");
    assertExposed(
        status(MODEL + INGRESS, seen(ingress(LONG_AGO, "[]")), Set.of()),
        "Unknown",
        "NoController",
        "check that there is an IngressClass contour (kubectl get ingressclasses)");
  }

  @Test
  void timeBeginsWithTheLastApply() {
    Ingress edited = ingress(LONG_AGO, "[]");
    edited
        .getMetadata()
        .setManagedFields(
            List.of(
                new ManagedFieldsEntryBuilder()
                    .withManager("modelserver-operator")
                    .withOperation("Apply")
                    .withTime(NOW)
                    .build()));

    assertExposed(
        status(MODEL + INGRESS, seen(edited), Set.of()), "Unknown", "ExposurePending", "");
    assertThat(seen(edited).nextNotice(World.NOW)).contains(Duration.ofSeconds(15));
    assertThat(seen(ingress(LONG_AGO, "[]")).nextNotice(World.NOW)).isEmpty();
  }

  @Test
  void aRouteThatIsAcceptedIsTold() {
    ModelServerStatus status =
        status(
            MODEL + GATEWAY,
            seen(route(LONG_AGO, report("infra", "Accepted", "True", "Accepted", "ok"))),
            KINDS);

    assertExposed(status, "True", "Exposed", "Gateway infra/edge accepts HTTPRoute iris");
    assertThat(status.urls())
        .isEqualTo(new ExternalUrls(List.of("//a.example", "//a.example/v2/"), null));
  }

  @Test
  void aControllerThatRefusesIsQuoted() {
    ModelServerStatus status =
        status(
            MODEL + GATEWAY,
            seen(
                route(
                    LONG_AGO,
                    report(
                        "infra",
                        "Accepted",
                        "False",
                        "NotAllowedByListeners",
                        "no\\u001b[31m listener"))),
            KINDS);

    assertExposed(
        status,
        "False",
        "RouteNotAccepted",
        "Gateway infra/edge does not accept HTTPRoute iris (NotAllowedByListeners: no\\u001b[31m listener): let a listener admit routes of namespace models");
    assertThat(status.urls()).isNull();
    assertThat(condition(status, "Ready").status()).isEqualTo("True");
  }

  @Test
  void whatIsNotResolvedOrLeftOutIsQuoted() {
    assertExposed(
        status(
            MODEL + GATEWAY,
            seen(
                route(
                    LONG_AGO,
                    report("infra", "ResolvedRefs", "False", "BackendNotFound", "no Service"))),
            KINDS),
        "False",
        "RouteNotAccepted",
        "(BackendNotFound: no Service)");
    assertExposed(
        status(
            MODEL + GATEWAY,
            seen(
                route(
                    LONG_AGO,
                    report("infra", "PartiallyInvalid", "True", "UnsupportedValue", "no CORS"))),
            KINDS),
        "False",
        "RouteNotAccepted",
        "leaves out a part of HTTPRoute iris (UnsupportedValue: no CORS)");
  }

  @Test
  void silenceIsToldAfterSomeTime() {
    assertExposed(
        status(MODEL + GATEWAY, seen(route(NOW, "")), KINDS),
        "Unknown",
        "ExposurePending",
        "infra/edge yet");
    assertExposed(
        status(MODEL + GATEWAY, seen(route(LONG_AGO, "")), KINDS),
        "False",
        "NoController",
        "No controller reports on HTTPRoute iris at Gateway infra/edge: check that there is such a parent");
    // Of another Gateway, and of the route as it was.
    assertExposed(
        status(
            MODEL + GATEWAY,
            seen(route(LONG_AGO, report("other", "Accepted", "True", "Accepted", ""))),
            KINDS),
        "False",
        "NoController",
        "");
    assertExposed(
        status(
            MODEL + GATEWAY,
            seen(
                route(
                    NOW,
                    report("infra", "Accepted", "True", "Accepted", "")
                        .replace("observedGeneration: 2", "observedGeneration: 1"))),
            KINDS),
        "Unknown",
        "ExposurePending",
        "");
  }

  @Test
  void anAbsentKindIsTold() {
    ModelServerStatus status = status(MODEL + GRPC, Outside.NONE, Set.of(HTTPRoute.class));

    assertExposed(status, "False", "RouteKindMissing", "The GRPCRoute CRD of Gateway API");
    assertThat(status.urls()).isEqualTo(new ExternalUrls(List.of("https://a.example"), null));
  }

  @Test
  void theWorstIsTheReasonAndAllIsTold() {
    ModelServerStatus status =
        status(
            MODEL + INGRESS + "\n" + GATEWAY,
            new Outside(
                Optional.of(ingress(LONG_AGO, "[{ip: 10.0.0.1}]")),
                Optional.of(
                    route(LONG_AGO, report("infra", "Accepted", "False", "NoMatchingParent", "x"))),
                Optional.empty(),
                Optional.empty(),
                List.of()),
            KINDS);

    assertExposed(status, "False", "RouteNotAccepted", "Ingress iris has the address 10.0.0.1");
    assertThat(status.urls()).isEqualTo(new ExternalUrls(List.of("http://a.example"), null));
  }

  @Test
  void grpcHasAddressesOfItsOwn() {
    GRPCRoute grpc =
        Yaml.read(
            GRPCRoute.class,
            """
            metadata: {name: iris, namespace: models, generation: 2, creationTimestamp: '%s'}
            status: {parents: [{controllerName: c, parentRef: {name: edge, port: 443}, conditions: [{type: Accepted, status: 'True', reason: Accepted, observedGeneration: 2}]}]}
            """
                .formatted(LONG_AGO));

    ModelServerStatus status =
        status(
            MODEL + GRPC,
            new Outside(
                Optional.empty(), Optional.empty(), Optional.of(grpc), Optional.empty(), List.of()),
            KINDS);

    assertThat(status.urls())
        .isEqualTo(new ExternalUrls(List.of("https://a.example"), List.of("g.example:443")));
  }

  @Test
  void aHostOfAnOlderModelServerIsTold() {
    Outside taken =
        new Outside(
            Optional.of(ingress(LONG_AGO, "[{ip: 10.0.0.1}]")),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            List.of(
                new Taken(
                    new HostClaim(Way.INGRESS, "a.example", Optional.of("/")), Optional.of("old")),
                new Taken(
                    new HostClaim(Way.INGRESS, "b.example", Optional.of("/m")), Optional.empty())));

    ModelServerStatus status =
        status(MODEL + "ingress: {hosts: [a.example, b.example, c.example]}", taken, Set.of());

    assertExposed(
        status,
        "False",
        "HostConflict",
        "a.example is used by ModelServer old, which is older; b.example/m is used by an older ModelServer of another namespace: choose another host or path");
    assertThat(status.urls()).isEqualTo(new ExternalUrls(List.of("http://c.example"), null));
  }

  @Test
  void aRefusalIsTold() {
    ModelServer server = Yaml.modelServer(MODEL + INGRESS);
    Observed seen = observed(Outside.NONE, Set.of());
    Situation situation =
        situation(server, seen, Map.of(Ingress.class, Refusal.nameConflict("Ingress iris")));

    ModelServerStatus status = new StatusFactory(CLOCK).of(server, situation);

    assertExposed(status, "False", "NameConflict", "Ingress iris exists");
    assertThat(status.urls()).isNull();
    assertThat(condition(status, "Ready").status()).isEqualTo("True");
  }

  @Test
  void aTlsPolicyWaitsForPodsThatSpeakTls() {
    ModelServerStatus status =
        encrypted(MODEL + SECURE, Encryption.NONE, Optional.empty(), TLS_KINDS);

    assertThat(condition(status, "Exposed").message())
        .contains("BackendTLSPolicy iris is applied as soon as every pod speaks TLS");
  }

  @Test
  void aClusterWithoutTlsPoliciesIsTold() {
    ModelServerStatus status =
        encrypted(MODEL + SECURE, Encryption.OFFERED, Optional.empty(), KINDS);

    assertExposed(status, "False", "RouteKindMissing", "The BackendTLSPolicy CRD of Gateway API");
  }

  @Test
  void whatAControllerSaysOfTheTlsPolicyIsTold() {
    BackendTLSPolicy refused =
        policy(
            LONG_AGO,
            "{controllerName: c, ancestorRef: {name: edge, namespace: infra}, conditions: [{type: Accepted, status: 'False', reason: NoValidCACertificate, message: no ca.crt, observedGeneration: 2}]}");

    ModelServerStatus status =
        encrypted(MODEL + SECURE, Encryption.OFFERED, Optional.of(refused), TLS_KINDS);

    assertExposed(
        status,
        "False",
        "RouteNotAccepted",
        "Gateway infra/edge does not accept BackendTLSPolicy iris (NoValidCACertificate: no ca.crt)");
  }

  @Test
  void aTlsPolicyThatNobodyTakesUpIsWorseWhereTlsIsRequired() {
    Optional<BackendTLSPolicy> silent = Optional.of(policy(LONG_AGO, ""));

    assertThat(
            condition(encrypted(MODEL + SECURE, Encryption.OFFERED, silent, TLS_KINDS), "Exposed")
                .status())
        .isEqualTo("Unknown");
    assertExposed(
        encrypted(MODEL + SECURE, Encryption.REQUIRED, silent, TLS_KINDS),
        "False",
        "NoController",
        "No controller has taken up BackendTLSPolicy iris");
    assertExposed(
        encrypted(MODEL + SECURE, Encryption.REQUIRED, Optional.of(policy(NOW, "")), TLS_KINDS),
        "Unknown",
        "ExposurePending",
        "No controller has reported on BackendTLSPolicy iris yet");
  }

  @Test
  void theUrlIsHttpsWhereTlsIsRequired() {
    assertThat(encrypted(MODEL + SECURE, Encryption.OFFERED, Optional.empty(), TLS_KINDS).url())
        .isEqualTo("http://iris.models.svc");
    assertThat(encrypted(MODEL + SECURE, Encryption.REQUIRED, Optional.empty(), TLS_KINDS).url())
        .isEqualTo("https://iris.models.svc:80");
    assertThat(
            encrypted(
                    MODEL + "service: {port: 443}\n" + SECURE,
                    Encryption.REQUIRED,
                    Optional.empty(),
                    TLS_KINDS)
                .url())
        .isEqualTo("https://iris.models.svc");
  }

  /** The status of pods that offer so much TLS; the route is accepted. */
  private static ModelServerStatus encrypted(
      String spec, Encryption encryption, Optional<BackendTLSPolicy> policy, Set<Class<?>> kinds) {
    Outside outside =
        new Outside(
            Optional.empty(),
            Optional.of(route(LONG_AGO, report("infra", "Accepted", "True", "Accepted", ""))),
            Optional.empty(),
            policy,
            List.of());
    ModelServer server = Yaml.modelServer(spec);
    Situation s = situation(server, observed(outside, kinds), Map.of());
    RevisionPlan plan = s.plan();
    return new StatusFactory(CLOCK)
        .of(
            server,
            new Situation(
                s.server(),
                new RevisionPlan(
                    plan.current(),
                    plan.target(),
                    plan.lastGood(),
                    plan.kept(),
                    plan.cause(),
                    plan.problem(),
                    encryption,
                    plan.roots()),
                s.observed(),
                s.refusals(),
                s.optionalRefusals(),
                s.waiting(),
                s.ignored(),
                s.previous(),
                s.notes(),
                s.overridden()));
  }

  private static BackendTLSPolicy policy(String created, String ancestors) {
    return Yaml.read(
        BackendTLSPolicy.class,
        """
        metadata: {name: iris, namespace: models, generation: 2, creationTimestamp: '%s'}
        status: {ancestors: [%s]}
        """
            .formatted(created, ancestors));
  }

  private static void assertExposed(
      ModelServerStatus status, String value, String reason, String words) {
    Condition exposed = condition(status, "Exposed");
    assertThat(exposed.status()).as(exposed.message()).isEqualTo(value);
    assertThat(exposed.reason()).as(exposed.message()).isEqualTo(reason);
    assertThat(exposed.message()).contains(words);
  }

  private static ModelServerStatus status(String spec, Outside outside, Set<Class<?>> kinds) {
    ModelServer server = Yaml.modelServer(spec);
    return new StatusFactory(CLOCK)
        .of(server, situation(server, observed(outside, kinds), Map.of()));
  }

  private static Situation situation(
      ModelServer server, Observed seen, Map<Class<?>, Refusal> refusals) {
    return new Situation(
        Yaml.resolved(server).without(seen.outside().taken()),
        plan(server, good(), seen),
        seen,
        List.of(),
        refusals,
        List.of(),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        List.of());
  }

  private static Observed observed(Outside outside, Set<Class<?>> kinds) {
    return observed(outside, kinds, ONE);
  }

  private static Observed observed(Outside outside, Set<Class<?>> kinds, String running) {
    return new Observed(
        Optional.of(World.complete(running, 3)),
        Optional.empty(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        outside,
        kinds,
        World.NOW);
  }

  private static Outside seen(Ingress ingress) {
    return new Outside(
        Optional.of(ingress), Optional.empty(), Optional.empty(), Optional.empty(), List.of());
  }

  private static Outside seen(HTTPRoute route) {
    return new Outside(
        Optional.empty(), Optional.of(route), Optional.empty(), Optional.empty(), List.of());
  }

  private static Ingress ingress(String created, String addresses) {
    return Yaml.read(
        Ingress.class,
        """
        metadata: {name: iris, namespace: models, creationTimestamp: '%s'}
        status: {loadBalancer: {ingress: %s}}
        """
            .formatted(created, addresses));
  }

  private static HTTPRoute route(String created, @Nullable String parents) {
    return Yaml.read(
        HTTPRoute.class,
        """
        metadata: {name: iris, namespace: models, generation: 2, creationTimestamp: '%s'}
        status: {parents: [%s]}
        """
            .formatted(created, parents));
  }

  private static String report(
      String namespace, String type, String value, String reason, String message) {
    return "{controllerName: c, parentRef: {group: gateway.networking.k8s.io, kind: Gateway, name: edge, namespace: %s}, conditions: [{type: %s, status: '%s', reason: %s, message: \"%s\", observedGeneration: 2}]}"
        .formatted(namespace, type, value, reason, message);
  }
}
