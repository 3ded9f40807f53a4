package dev.modelserver.operator.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.modelserver.operator.Yaml;
import dev.modelserver.operator.api.v1alpha1.ExternalUrls;
import dev.modelserver.operator.api.v1alpha1.ModelServer;
import dev.modelserver.operator.faults.LivingOperator.Space;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Ingress and routes on a real API server with Gateway API's definitions: what the API server makes
 * of them leads to no writes at rest, and what a controller says (the test speaks for it) and who
 * has a host reach the status at once.
 */
class ExposedIT {
  private static final Space HERE = Space.EXPOSED;
  private static final LivingOperator STAGE = LivingOperator.get();

  /** Far below the operator's own interval of three minutes. */
  private static final Duration AT_ONCE = Duration.ofSeconds(20);

  private static final String MODEL = "model: {configMap: {name: %s-model, key: model.onnx}}\n";
  private static final String GATEWAY =
      """
      gateway:
        parentRefs: [{name: edge, sectionName: http, port: 80}, {name: edge, sectionName: https, port: 443}]
        hostnames: [%1$s.example.com]
        paths: [/, /v2/]
        filters:
        - {type: RequestHeaderModifier, requestHeaderModifier: {set: [{name: X-Site, value: a}], add: [{name: X-Via, value: b}], remove: [Cookie]}}
        - {type: CORS, cors: {allowOrigins: ['https://*.example.com'], allowMethods: [GET, POST], allowCredentials: true}}
        grpc: {hostnames: [%1$s-grpc.example.com]}
      """;

  @BeforeAll
  static void installGatewayApi() {
    definitions().forEach(definition -> STAGE.client().resource(definition).serverSideApply());
    Await.until(
        "routes are served",
        LivingOperator.SOON,
        () ->
            STAGE.client().supports("gateway.networking.k8s.io/v1", "HTTPRoute")
                && STAGE.client().supports("gateway.networking.k8s.io/v1", "GRPCRoute")
                && STAGE.client().supports("gateway.networking.k8s.io/v1", "BackendTLSPolicy"));
  }

  @AfterAll
  static void removeGatewayApi() {
    definitions().forEach(definition -> STAGE.client().resource(definition).delete());
  }

  @AfterEach
  void clean() {
    STAGE.client().resources(ModelServer.class).inNamespace(HERE.namespace()).delete();
    Await.until(
        "all Ingresses are gone",
        LivingOperator.SOON,
        () -> STAGE.client().raw(ingress("") + "?limit=1").contains("\"items\":[]"));
  }

  @Test
  void nothingIsWrittenAtRestAndDriftIsRepairedAtOnce() {
    create(
        "rest",
        "ingress: {hosts: [rest-in.example.com], tls: {secretName: cert}, annotations: {a/b: c}}\n"
            + GATEWAY.formatted("rest"));
    await("rest", "Unknown", "ExposurePending");
    accept("rest");
    assertThat(await("rest", "True", "Exposed"))
        .contains(
            "Ingress rest has the address 192.0.2.1",
            "Gateway %s/edge (listener https) accepts GRPCRoute rest-grpc"
                .formatted(HERE.namespace()),
            "whether Secret cert is there");
    Await.until(
        "the addresses are told",
        AT_ONCE,
        () ->
            new ExternalUrls(
                    List.of(
                        "https://rest-in.example.com",
                        "http://rest.example.com",
                        "http://rest.example.com/v2/",
                        "https://rest.example.com",
                        "https://rest.example.com/v2/"),
                    List.of("rest-grpc.example.com:80", "rest-grpc.example.com:443"))
                .equals(STAGE.modelServer(HERE, "rest").get().getStatus().urls()));

    int start = STAGE.awaitRest();
    for (int round = 0; round < 3; round++) {
      STAGE.annotate(HERE, "rest", "foreign.example/looked-at", "round-" + round);
    }
    Await.within(Duration.ofSeconds(6), () -> !STAGE.writesFrom(start).isEmpty());
    assertThat(STAGE.writesFrom(start)).isEmpty();

    List<UnaryOperator<JsonNode>> edits =
        List.of(
            seen -> with(seen, "/spec/rules/0", "host", "other.example.com"),
            seen -> without(seen, "/spec", "tls"));
    edits.forEach(
        edit -> repaired(new StoredObject(STAGE.client(), "Ingress", ingress("rest")), edit));
    StoredObject route = new StoredObject(STAGE.client(), "HTTPRoute", route("httproutes", "rest"));
    repaired(route, seen -> with(seen, "/spec/rules/0/backendRefs/0", "name", "other"));
    repaired(route, seen -> with(seen, "/spec/parentRefs/1", "sectionName", "other"));
    repaired(route, seen -> without(seen, "/spec/rules/0", "filters"));
  }

  @Test
  void whatAControllerSaysIsQuotedAtOnce() {
    create("quoted", GATEWAY.formatted("quoted"));
    awaitStored(route("httproutes", "quoted"));
    report(
        "httproutes",
        "quoted",
        "False",
        "NotAllowedByListeners",
        "no listener admits this namespace");

    assertThat(await("quoted", "False", "RouteNotAccepted"))
        .contains(
            "does not accept HTTPRoute quoted (NotAllowedByListeners: no listener admits this namespace)");
    STAGE.awaitReady(HERE, "quoted");
  }

  @Test
  void aTlsPolicyFollowsThePodsAndQuotesItsController() {
    String policy = route("backendtlspolicies", "secure");
    create("secure", GATEWAY.formatted("secure"));
    STAGE.awaitReady(HERE, "secure");
    awaitStored(route("httproutes", "secure"));
    assertThat(STAGE.client().raw(policy)).isNull();

    STAGE.spec(
        HERE,
        "secure",
        MODEL.formatted("secure")
            + "server: {tls: {secretName: s, mode: Permissive, caConfigMap: {name: ca, key: ca.crt}}}\n"
            + GATEWAY.formatted("secure"));
    awaitStored(policy);
    STAGE.awaitReady(HERE, "secure");
    repaired(
        new StoredObject(STAGE.client(), "BackendTLSPolicy", policy),
        seen -> with(seen, "/spec/validation", "hostname", "other.example.com"));
    for (String plural : List.of("httproutes", "grpcroutes")) {
      report(plural, "secure", "True", "Accepted", "");
    }
    status(
        policy,
        """
        {"status":{"ancestors":[{"controllerName":"example.com/c","ancestorRef":{"group":"gateway.networking.k8s.io","kind":"Gateway","name":"edge"},
         "conditions":[{"type":"Accepted","status":"False","reason":"NoValidCACertificate","message":"ConfigMap ca is missing","lastTransitionTime":"2026-11-22T10:00:00Z"}]}]}}
        """);
    assertThat(await("secure", "False", "RouteNotAccepted"))
        .contains(
            "does not accept BackendTLSPolicy secure (NoValidCACertificate: ConfigMap ca is missing)");

    int start = STAGE.awaitRest();
    STAGE.annotate(HERE, "secure", "foreign.example/looked-at", "once");
    Await.within(Duration.ofSeconds(3), () -> !STAGE.writesFrom(start).isEmpty());
    assertThat(STAGE.writesFrom(start)).isEmpty();

    STAGE.spec(HERE, "secure", MODEL.formatted("secure") + GATEWAY.formatted("secure"));
    Await.until("the policy is gone", AT_ONCE, () -> STAGE.client().raw(policy) == null);
  }

  @Test
  void silenceIsToldAfterHalfAMinute() {
    create("silent", GATEWAY.formatted("silent"));

    assertThat(await("silent", "False", "NoController"))
        .contains("No controller reports on HTTPRoute silent at Gateway");
    STAGE.awaitReady(HERE, "silent");
  }

  @Test
  void anIngressThatTheApiServerRefusesTouchesExposedAlone() {
    create("refused", "ingress: {hosts: ['10.0.0.1']}");

    assertThat(await("refused", "False", "Invalid"))
        .contains("must be a DNS name, not an IP address");
    STAGE.awaitReady(HERE, "refused");

    STAGE.spec(HERE, "refused", MODEL.formatted("refused"));
    Await.until(
        "nothing is said of it",
        AT_ONCE,
        () -> STAGE.condition(HERE, "refused", "Exposed").isEmpty());
  }

  @Test
  void theOlderOneHasAHostUntilItGivesItUp() {
    create("first", "ingress: {hosts: [a.example.com, b.example.com]}");
    awaitStored(ingress("first"));
    // Of another second.
    String created = STAGE.modelServer(HERE, "first").get().getMetadata().getCreationTimestamp();
    Await.until(
        "a second passes",
        AT_ONCE,
        () -> !Instant.now().toString().substring(0, 19).equals(created.substring(0, 19)));
    create("second", "ingress: {hosts: [a.example.com, c.example.com]}");
    create("third", "ingress: {hosts: [b.example.com], paths: [/other]}");

    assertThat(await("second", "False", "HostConflict"))
        .contains("a.example.com is used by ModelServer first, which is older");
    assertThat(hosts("second")).contains("c.example.com").doesNotContain("a.example.com");
    await("third", "Unknown", "ExposurePending");

    STAGE.spec(HERE, "first", MODEL.formatted("first") + "ingress: {hosts: [b.example.com]}");
    Await.until(
        "the younger one gets it", AT_ONCE, () -> hosts("second").contains("a.example.com"));

    STAGE.spec(HERE, "first", MODEL.formatted("first") + "ingress: {hosts: [c.example.com]}");
    Await.until(
        "the younger one gives up its host",
        AT_ONCE,
        () ->
            !hosts("second").contains("c.example.com")
                && STAGE
                    .condition(HERE, "second", "Exposed")
                    .filter(exposed -> "HostConflict".equals(exposed.reason()))
                    .filter(exposed -> exposed.message().contains("c.example.com is used by"))
                    .isPresent());

    STAGE.modelServer(HERE, "first").delete();
    // Its Ingress has the host until the garbage collector takes it, which is when that knows the
    // kind of its owner: of a new definition within 30 s.
    Await.until(
        "a host of one that is deleted",
        Duration.ofMinutes(1),
        () -> hosts("second").contains("c.example.com"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gateway: {parentRefs: [{name: g}], hostnames: [a.example], grpc: {hostnames: [a.example]}} | must not match the same host",
        "gateway: {parentRefs: [{name: g}], hostnames: ['*.example'], grpc: {hostnames: [a.example]}} | must not match the same host",
        "gateway: {parentRefs: [{name: g}], hostnames: [a.b.example], grpc: {hostnames: ['*.example']}} | must not match the same host",
        "gateway: {parentRefs: [{name: g}], hostnames: ['*.a.example'], grpc: {hostnames: ['*.example']}} | must not match the same host",
        "gateway: {parentRefs: [{name: g}], hostnames: ['*.a.example'], grpc: {hostnames: ['*.b.example', a.example]}} | ",
        "gateway: {parentRefs: [{name: g}], hostnames: [a.example], grpc: {hostnames: [b.example]}} & service: {grpc: {enabled: false}} | needs a port for gRPC",
        "gateway: {parentRefs: [{name: g}, {name: g}], hostnames: [a.example]} | parentRefs must differ",
        "gateway: {parentRefs: [{name: g}, {name: g, sectionName: s}], hostnames: [a.example]} | each needs a sectionName",
        "gateway: {parentRefs: [{name: g, namespace: a}, {name: g, namespace: b}], hostnames: [a.example]} | ",
        "gateway: {parentRefs: [{name: g}], hostnames: [a.example], filters: [{type: CORS}]} | a filter has the field of its type",
        "gateway: {parentRefs: [{name: g}], hostnames: [a.example], filters: [{type: CORS, cors: {}, requestHeaderModifier: {}}]} | a filter has the field of its type",
        "gateway: {parentRefs: [{name: g}], hostnames: [a.example], filters: [{type: CORS, cors: {}}, {type: CORS, cors: {}}]} | Duplicate value",
        "gateway: {parentRefs: [{name: g}], hostnames: [a.example], filters: [{type: CORS, cors: {allowOrigins: ['*', 'https://a.example']}}]} | must not have * beside others",
        "gateway: {parentRefs: [{name: g}], hostnames: [a.example], filters: [{type: URLRewrite}]} | should match",
        "gateway: {parentRefs: [{name: g}], hostnames: [a.example]} & server: {tls: {secretName: s, mode: Strict, caConfigMap: {name: c, key: other.crt}}} | must be ca.crt beside gateway",
        "server: {tls: {secretName: s, mode: Strict, caConfigMap: {name: c, key: other.crt}}} | ",
        "server: {tls: {secretName: s}} | mode: Required value",
        "server: {authentication: {mode: Strict}} | tokens: Required value",
        "server: {tls: {secretName: s, mode: Strict}} & monitoring: {serviceMonitor: {}} | needs tlsConfig beside server.tls.mode Strict",
        "server: {tls: {secretName: s, mode: Permissive}} & monitoring: {serviceMonitor: {}} | ",
        "server: {tls: {secretName: s, mode: Strict}} & monitoring: {serviceMonitor: {tlsConfig: {}}} | ",
        "server: {authentication: {mode: Strict, tokens: {secretName: s}}} & monitoring: {serviceMonitor: {}} | needs authorization beside server.authentication.mode Strict",
        "server: {authentication: {mode: Strict, tokens: {secretName: s}}} & monitoring: {serviceMonitor: {authorization: {credentials: {name: p, key: t}}}} | ",
        "monitoring: {serviceMonitor: {tlsConfig: {ca: {}}}} | set exactly one of configMap and secret",
        "monitoring: {alerts: {certificateExpires: {days: 3}}} | needs server.tls",
        "monitoring: {alerts: {certificateExpires: {state: Disabled}}} | ",
        "monitoring: {alerts: {secretReloadFailed: {}}} | needs server.tls or server.authentication",
        "server: {pathPrefix: /iris} & ingress: {hosts: [a.example]} | ",
        "server: {pathPrefix: /team-a/iris.v1} | ",
        "server: {pathPrefix: iris} | should match",
        "server: {pathPrefix: /iris/} | should match",
        "server: {pathPrefix: ''} | should match",
        "server: {pathPrefix: /a/../b} | must have no segment",
        "server: {pathPrefix: /v2} | must not begin with a path of the server itself",
        "server: {pathPrefix: /predict/iris} | must not begin with a path of the server itself",
        "server: {pathPrefix: /v2x} | ",
        "server: {pathPrefix: /team/iris} & ingress: {hosts: [a.example], paths: [/, /team, /team/, /team/iris, /team/iris/, /team/iris/v2/models, /predict]} | ",
        "server: {pathPrefix: /team/iris} & ingress: {hosts: [a.example], paths: [/, /digits]} | beside server.pathPrefix each of ingress.paths",
        "server: {pathPrefix: /team/iris} & ingress: {hosts: [a.example], paths: [/team/irisx]} | beside server.pathPrefix each of ingress.paths",
        "server: {pathPrefix: /team/iris} & ingress: {hosts: [a.example], paths: [/team/iris/x]} | beside server.pathPrefix each of ingress.paths",
        "server: {pathPrefix: /iris} & gateway: {parentRefs: [{name: g}], hostnames: [a.example], paths: [/iris/v2/]} | ",
        "server: {pathPrefix: /iris} & gateway: {parentRefs: [{name: g}], hostnames: [a.example], paths: [/v3]} | beside server.pathPrefix each of gateway.paths",
        "ingress: {hosts: [a.example], paths: [/a/../b]} | must have no segment",
        "ingress: {hosts: [a.example], paths: [a]} | should match",
        "ingress: {hosts: [a.example], paths: [//a]} | should match",
        "ingress: {hosts: []} | should have at least 1 items",
        "ingress: {hosts: [a.example, a.example]} | Duplicate value",
        "ingress: {hosts: [a.example], annotations: {nginx.ingress.kubernetes.io/configuration-snippet: x}} | annotations that put lines",
        "ingress: {hosts: [a.example], annotations: {nginx.org/server-snippets: x}} | annotations that put lines",
        "ingress: {hosts: [a.example], annotations: {nginx.ingress.kubernetes.io/proxy-body-size: 1m}} | "
      })
  void theSchemaRefuses(String spec, @Nullable String words) {
    ModelServer wanted = Yaml.modelServer(MODEL.formatted("schema") + spec.replace("} & ", "}\n"));
    wanted.getMetadata().setNamespace(HERE.namespace());
    wanted.getMetadata().setUid(null);
    wanted.getMetadata().setGeneration(null);
    String refusal = Refused.by(() -> STAGE.client().resource(wanted).dryRun(true).create());

    if (words == null) {
      assertThat(refusal).isEmpty();
    } else {
      assertThat(refusal).contains(words);
    }
  }

  private static List<HasMetadata> definitions() {
    return STAGE.client().load(ExposedIT.class.getResourceAsStream("routes.yaml")).items();
  }

  private static void create(String name, String exposure) {
    STAGE.create(HERE, name, MODEL.formatted(name) + exposure);
  }

  private static String await(String name, String status, String reason) {
    return STAGE.await(HERE, name, "Exposed", status, reason).message();
  }

  private static String ingress(String name) {
    String list = "/apis/networking.k8s.io/v1/namespaces/%s/ingresses".formatted(HERE.namespace());
    return name.isEmpty() ? list : list + "/" + name;
  }

  private static String route(String plural, String name) {
    return "/apis/gateway.networking.k8s.io/v1/namespaces/%s/%s/%s"
        .formatted(HERE.namespace(), plural, plural.equals("grpcroutes") ? name + "-grpc" : name);
  }

  private static void awaitStored(String uri) {
    Await.until(uri + " is there", AT_ONCE, () -> STAGE.client().raw(uri) != null);
  }

  private static String hosts(String name) {
    return String.valueOf(STAGE.client().raw(ingress(name)));
  }

  private static void accept(String name) {
    awaitStored(ingress(name));
    status(ingress(name), "{\"status\":{\"loadBalancer\":{\"ingress\":[{\"ip\":\"192.0.2.1\"}]}}}");
    for (String plural : List.of("httproutes", "grpcroutes")) {
      awaitStored(route(plural, name));
      report(plural, name, "True", "Accepted", "");
    }
  }

  private static void report(
      String plural, String name, String status, String reason, String message) {
    String parent =
        """
        {"controllerName":"example.com/c","parentRef":{"group":"gateway.networking.k8s.io","kind":"Gateway","name":"edge","sectionName":"%s","port":%d},
         "conditions":[{"type":"Accepted","status":"%s","reason":"%s","message":"%s","lastTransitionTime":"2026-11-22T10:00:00Z"}]}
        """;
    status(
        route(plural, name),
        "{\"status\":{\"parents\":[%s,%s]}}"
            .formatted(
                parent.formatted("http", 80, status, reason, message),
                parent.formatted("https", 443, status, reason, message)));
  }

  private static void status(String uri, String body) {
    HttpResponse<String> answer =
        STAGE.send("PATCH", uri + "/status", "application/merge-patch+json", body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }

  private static void repaired(StoredObject object, UnaryOperator<JsonNode> edit) {
    JsonNode whole = object.require().path("spec");
    assertThat(object.replace(edit)).isEmpty();
    Await.until(
        "an edit of %s is undone".formatted(object),
        AT_ONCE,
        () -> object.require().path("spec").equals(whole));
  }

  private static JsonNode with(JsonNode object, String place, String field, String value) {
    JsonNode copy = object.deepCopy();
    ((ObjectNode) copy.at(place)).put(field, value);
    return copy;
  }

  private static JsonNode without(JsonNode object, String place, String field) {
    JsonNode copy = object.deepCopy();
    ((ObjectNode) copy.at(place)).remove(field);
    return copy;
  }
}
