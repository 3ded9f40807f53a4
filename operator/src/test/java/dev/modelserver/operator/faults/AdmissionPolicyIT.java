package dev.modelserver.operator.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.modelserver.operator.Yaml;
import dev.modelserver.operator.faults.LivingOperator.Space;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingAdmissionPolicy;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The chart's admission policy on an API server: what the operator writes is its own, and that
 * stands in the way neither of the operator, nor of autoscalers, nor of a restart.
 */
class AdmissionPolicyIT {
  private static final Space HERE = Space.GUARDED;
  private static final String NAME = "iris";
  private static final String TENANT = "tenant";
  private static final String SCALED =
      "model: {configMap: {name: iris-model, key: model.onnx}, version: %s}\nnetworkPolicy: {}\nautoscaling: {minReplicas: 2, maxReplicas: 3}\ningress: {hosts: [guarded.example.com]}";
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final LivingOperator STAGE = LivingOperator.get();
  private static final KubernetesClient TENANTS = STAGE.as(TENANT);

  @BeforeAll
  static void guard() {
    // Whoever has every right in the namespace, and none beyond it.
    STAGE
        .client()
        .resource(
            new RoleBindingBuilder()
                .withNewMetadata()
                .withName(TENANT)
                .withNamespace(HERE.namespace())
                .endMetadata()
                .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", "cluster-admin")
                .addNewSubject("rbac.authorization.k8s.io", "User", TENANT, null)
                .addNewSubject("rbac.authorization.k8s.io", "User", ChartPolicy.EXEMPT, null)
                .build())
        .serverSideApply();
    ChartPolicy.enforce(STAGE, HERE);
    STAGE.create(HERE, NAME, SCALED.formatted("v1"));
    STAGE.awaitReady(HERE, NAME);
  }

  @AfterAll
  static void leaveNothing() {
    STAGE.modelServer(HERE, NAME).delete();
    ChartPolicy.remove(STAGE, HERE);
  }

  @Test
  void theExpressionsFitTheTypes() {
    for (String policy : List.of("objects", "deployments")) {
      String name = ChartPolicy.prefix(HERE) + policy;
      ValidatingAdmissionPolicy checked =
          Await.value(
              name + " is checked",
              LivingOperator.SOON,
              () ->
                  Optional.ofNullable(
                          STAGE
                              .client()
                              .resources(ValidatingAdmissionPolicy.class)
                              .withName(name)
                              .get())
                      .filter(
                          p -> p.getStatus() != null && p.getStatus().getTypeChecking() != null));

      assertThat(checked.getStatus().getTypeChecking().getExpressionWarnings())
          .as(Yaml.write(checked.getStatus()))
          .isEmpty();
    }
  }

  @Test
  void nobodyElseWritesWhatTheOperatorWrites() {
    List<StoredObject> managed = managed(TENANTS);

    assertThat(managed.stream().map(StoredObject::kind).collect(Collectors.toSet()))
        .isEqualTo(StoredObject.KINDS.keySet());
    for (StoredObject object : managed) {
      String kind = object.kind();
      JsonNode copy = copy(object.require());
      assertThat(post(TENANTS, kind, copy.toString())).as(kind).contains("only the ModelServer");
      assertThat(post(TENANTS, kind, withoutLabels(copy).toString())).as(kind).isEmpty();
      assertThat(object.replace(AdmissionPolicyIT::annotated)).as(kind).contains(403);
      assertThat(object.replace(AdmissionPolicyIT::withoutLabels)).as(kind).contains(403);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "true  | {'spec':{'replicas':3}}",
        "true  | {'spec':{'template':{'metadata':{'annotations':{'kubectl.kubernetes.io/restartedAt':'now'}}}}}",
        "true  | {'spec':{'replicas':3,'template':{'metadata':{'annotations':{'kubectl.kubernetes.io/restartedAt':'now'}}}}}",
        "false | {'spec':{'replicas':3,'paused':true}}",
        "false | {'spec':{'progressDeadlineSeconds':600}}",
        "false | {'metadata':{'annotations':{'a':'b'}}}",
        "false | {'metadata':{'labels':{'modelserver.dev/name':'other'}}}",
        "false | {'metadata':{'labels':{'app.kubernetes.io/managed-by':null}}}",
        "false | {'metadata':{'ownerReferences':null}}",
        "false | {'metadata':{'finalizers':['example.com/stay']}}",
        "false | {'spec':{'strategy':{'rollingUpdate':{'maxUnavailable':1}}}}",
        "false | {'spec':{'template':{'metadata':{'annotations':{'a':'b'}}}}}",
        "false | {'spec':{'template':{'metadata':{'annotations':{'kubectl.kubernetes.io/default-container':null}}}}}",
        "false | {'spec':{'template':{'metadata':{'annotations':{'kubectl.kubernetes.io/restartedAt':'now','a':'b'}}}}}",
        "false | {'spec':{'template':{'metadata':{'labels':{'a':'b'}}}}}",
        "false | {'spec':{'template':{'spec':{'automountServiceAccountToken':true}}}}",
        "false | {'spec':{'template':{'spec':{'serviceAccountName':null,'serviceAccount':null}}}}",
        "false | {'spec':{'template':{'spec':{'nodeSelector':{'a':'b'}}}}}"
      })
  void othersScaleAndRestartADeploymentOnly(boolean allowed, String patch) {
    String refusal = Refused.by(() -> patch(TENANTS, patch.replace('\'', '"')));

    if (allowed) {
      assertThat(refusal).isEmpty();
    } else {
      assertThat(refusal).contains("only the ModelServer operator writes Deployments");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"system:serviceaccount:kube-system:generic-garbage-collector", ChartPolicy.EXEMPT})
  void controllersOfTheClusterAndExemptUsersWrite(String user) {
    String annotated = "{\"metadata\":{\"annotations\":{\"a\":\"b\"}}}";
    try (KubernetesClient client = STAGE.as(user)) {
      assertThat(Refused.by(() -> patch(client, annotated))).isEmpty();
      assertThat(
              Refused.by(
                  () ->
                      client
                          .services()
                          .inNamespace(HERE.namespace())
                          .withName(NAME)
                          .dryRun(true)
                          .patch(PatchContext.of(PatchType.JSON_MERGE), annotated)))
          .isEmpty();
    }
  }

  /** As docs/secure-deployment.md wants it to be watched. */
  @Test
  void refusalsAreCounted() {
    String counter =
        "apiserver_validating_admission_policy_check_total{enforcement_action=\"deny\"";

    patchRefused();

    assertThat(STAGE.client().raw("/metrics").lines())
        .anyMatch(
            line ->
                line.startsWith(counter)
                    && line.contains(
                        "policy=\"%sdeployments\"".formatted(ChartPolicy.prefix(HERE))));
  }

  private static void patchRefused() {
    assertThat(Refused.by(() -> patch(TENANTS, "{\"spec\":{\"paused\":true}}"))).isNotEmpty();
  }

  @Test
  void theScaleSubResourceIsFree() {
    TENANTS.apps().deployments().inNamespace(HERE.namespace()).withName(NAME).scale(3);

    assertThat(deployment().getSpec().getReplicas()).isEqualTo(3);
  }

  @Test
  void theOperatorGoesOn() {
    STAGE.spec(HERE, NAME, SCALED.formatted("v2"));
    STAGE.awaitReady(HERE, NAME);
    STAGE.spec(
        HERE,
        NAME,
        "model: {configMap: {name: iris-model, key: model.onnx}, version: v3}\nreplicas: 1");
    STAGE.awaitReady(HERE, NAME);
    TENANTS.services().inNamespace(HERE.namespace()).withName(NAME).delete();
    TENANTS.apps().deployments().inNamespace(HERE.namespace()).withName(NAME).delete();
    Await.until(
        "Service and Deployment are back",
        LivingOperator.SOON,
        () ->
            STAGE.client().services().inNamespace(HERE.namespace()).withName(NAME).get() != null
                && STAGE
                        .client()
                        .apps()
                        .deployments()
                        .inNamespace(HERE.namespace())
                        .withName(NAME)
                        .get()
                    != null);
    STAGE.spec(HERE, NAME, SCALED.formatted("v1"));
    STAGE.awaitReady(HERE, NAME);
    Await.until(
        "the autoscaler is back",
        LivingOperator.SOON,
        () ->
            managed(STAGE.client()).stream().map(StoredObject::kind).distinct().count()
                == StoredObject.KINDS.size());
    assertThat(deployment().getSpec().getReplicas()).isGreaterThanOrEqualTo(2);
  }

  private static void patch(KubernetesClient client, String merge) {
    client
        .apps()
        .deployments()
        .inNamespace(HERE.namespace())
        .withName(NAME)
        .dryRun(true)
        .patch(PatchContext.of(PatchType.JSON_MERGE), merge);
  }

  private static Deployment deployment() {
    return Objects.requireNonNull(
        STAGE.client().apps().deployments().inNamespace(HERE.namespace()).withName(NAME).get());
  }

  private static List<StoredObject> managed(KubernetesClient client) {
    return StoredObject.managed(client, HERE.namespace());
  }

  /** The refusal of a dry run, or nothing. */
  private static String post(KubernetesClient client, String kind, String body) {
    return Refused.by(() -> client.raw(list(kind) + "?dryRun=All", "POST", body));
  }

  private static String list(String kind) {
    return Objects.requireNonNull(StoredObject.KINDS.get(kind)).formatted(HERE.namespace());
  }

  private static JsonNode copy(JsonNode object) {
    ObjectNode copy = object.deepCopy();
    ObjectNode metadata = (ObjectNode) copy.path("metadata");
    metadata.put("name", metadata.path("name").asText() + "-copy");
    metadata.remove(List.of("resourceVersion", "uid", "managedFields"));
    if (copy.path("spec") instanceof ObjectNode spec) {
      spec.remove(List.of("clusterIP", "clusterIPs"));
    }
    return copy;
  }

  private static JsonNode withoutLabels(JsonNode object) {
    ObjectNode copy = object.deepCopy();
    ((ObjectNode) copy.path("metadata")).remove("labels");
    return copy;
  }

  private static JsonNode annotated(JsonNode object) {
    ObjectNode copy = object.deepCopy();
    ((ObjectNode) copy.path("metadata")).set("annotations", JSON.createObjectNode().put("a", "b"));
    return copy;
  }
}
