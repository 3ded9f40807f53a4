package dev.modelserver.e2e;

import dev.modelserver.e2e.cluster.TestNamespace;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/** What else lives in a cluster and may refuse a pod, made for one namespace. */
final class Admissions {
  private Admissions() {}

  /** A ResourceQuota; made once. */
  static void quota(TestNamespace namespace, Map<String, String> hard) {
    apply(
        namespace,
        """
        apiVersion: v1
        kind: ResourceQuota
        metadata: {name: no-room}
        spec: {hard: {%s}}
        """
            .formatted(
                hard.entrySet().stream()
                    .map(entry -> entry.getKey() + ": " + entry.getValue())
                    .collect(Collectors.joining(", "))));
  }

  /** A LimitRange with the largest memory limit of a container. */
  static void limitRange(TestNamespace namespace, String memory) {
    apply(
        namespace,
        """
        apiVersion: v1
        kind: LimitRange
        metadata: {name: small}
        spec: {limits: [{type: Container, max: {memory: %s}}]}
        """
            .formatted(memory));
  }

  /** A HorizontalPodAutoscaler that no ModelServer controls and that scales nothing. */
  static void foreignAutoscaler(TestNamespace namespace, String name) {
    apply(
        namespace,
        """
        apiVersion: autoscaling/v2
        kind: HorizontalPodAutoscaler
        metadata: {name: %s}
        spec:
          maxReplicas: 1
          scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: somebody-else}
        """
            .formatted(name));
  }

  /** A policy of the cluster that denies this namespace's pods with the label {@code denied}. */
  static void policy(TestNamespace namespace) {
    policy(
        namespace,
        "{apiGroups: [''], apiVersions: [v1], operations: [CREATE], resources: [pods]}",
        "!has(object.metadata.labels.denied)",
        "no pods with the label denied");
    awaitRefused(namespace, "denied: yes", "the owner of this policy");
  }

  /** A policy of the cluster that denies this namespace's Deployments an image. */
  static void imagePolicy(TestNamespace namespace) {
    policy(
        namespace,
        "{apiGroups: [apps], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [deployments]}",
        "object.spec.template.spec.containers.all(c, !c.image.startsWith('denied.example.com/'))",
        "no images of denied.example.com");
    awaitRefused(namespace, deployment(namespace), "the owner of this policy");
  }

  private static void policy(TestNamespace namespace, String rule, String allowed, String why) {
    apply(
        namespace,
        """
        apiVersion: admissionregistration.k8s.io/v1
        kind: ValidatingAdmissionPolicy
        metadata: {name: %1$s}
        spec:
          matchConstraints: {resourceRules: [%2$s]}
          validations:
          - expression: "%3$s"
            message: %4$s, says the owner of this policy
        ---
        apiVersion: admissionregistration.k8s.io/v1
        kind: ValidatingAdmissionPolicyBinding
        metadata: {name: %1$s}
        spec:
          policyName: %1$s
          validationActions: [Deny]
          matchResources:
            namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: %1$s}}
        """
            .formatted(namespace.name(), rule, allowed, why));
  }

  /** A webhook that nobody answers, for this namespace's pods with the label {@code webhook}. */
  static void deadWebhook(TestNamespace namespace) {
    apply(
        namespace,
        """
        apiVersion: admissionregistration.k8s.io/v1
        kind: ValidatingWebhookConfiguration
        metadata: {name: %1$s}
        webhooks:
        - name: nobody.example.com
          clientConfig: {url: 'https://127.0.0.1:1/vet'}
          failurePolicy: Fail
          sideEffects: None
          timeoutSeconds: 2
          admissionReviewVersions: [v1]
          rules:
          - {apiGroups: [''], apiVersions: [v1], operations: [CREATE], resources: [pods]}
          namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: %1$s}}
          objectSelector: {matchLabels: {webhook: down}}
        """
            .formatted(namespace.name()));
    awaitRefused(namespace, "webhook: down", "nobody.example.com");
  }

  /** Takes away what is not in the namespace and so does not go with it. */
  static void remove(TestNamespace namespace) {
    var client = namespace.cluster().client();
    var registration = client.admissionRegistration().v1();
    registration.validatingAdmissionPolicyBindings().withName(namespace.name()).delete();
    registration.validatingAdmissionPolicies().withName(namespace.name()).delete();
    registration.validatingWebhookConfigurations().withName(namespace.name()).delete();
  }

  /** The API server learns of such a thing a moment after it is stored. */
  private static void awaitRefused(TestNamespace namespace, String label, String why) {
    // Pod Security looks first: it must have nothing to say.
    Pod pod =
        Serialization.unmarshal(
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: refused, namespace: %s, labels: {%s}}
            spec:
              securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}
              containers:
              - name: none
                image: none
                securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
            """
                .formatted(namespace.name(), label),
            Pod.class);
    awaitRefused(namespace, pod, why);
  }

  private static Deployment deployment(TestNamespace namespace) {
    return Serialization.unmarshal(
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: refused, namespace: %s}
        spec:
          replicas: 0
          selector: {matchLabels: {a: b}}
          template:
            metadata: {labels: {a: b}}
            spec: {containers: [{name: none, image: denied.example.com/none}]}
        """
            .formatted(namespace.name()),
        Deployment.class);
  }

  private static void awaitRefused(TestNamespace namespace, HasMetadata object, String why) {
    Awaitility.await(object.getKind() + " is refused: " + why)
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(100))
        .until(() -> refusal(namespace.cluster().client(), object).contains(why));
  }

  private static String refusal(KubernetesClient client, HasMetadata object) {
    try {
      var _ = client.resource(object).dryRun(true).create();
      return "";
    } catch (KubernetesClientException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private static void apply(TestNamespace namespace, String yaml) {
    try {
      namespace.cluster().apply(namespace.name(), yaml);
    } catch (KubernetesClientException e) {
      throw new IllegalStateException("cannot prepare " + namespace.name(), e);
    }
  }
}
