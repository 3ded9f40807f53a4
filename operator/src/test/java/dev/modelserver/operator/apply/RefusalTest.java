package dev.modelserver.operator.apply;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The reason and the remedy come from the API server's own words, which stay in the message. */
class RefusalTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      textBlock =
          """
          403 | pods "iris-1" is forbidden: exceeded quota: small, requested: pods=1, used: pods=1, limited: pods=1 | QuotaExceeded | raise the ResourceQuota | false
          403 | pods "iris-1" is forbidden: exceeded quota: disk, requested: limits.ephemeral-storage=2Gi, used: limits.ephemeral-storage=0, limited: limits.ephemeral-storage=1Gi | QuotaExceeded | raise the ResourceQuota | false
          403 | pods "iris-1" is forbidden: failed quota: disk: must specify limits.ephemeral-storage for: preflight,server | QuotaExceeded | name these resources in spec.resources | false
          403 | pods "iris-1" is forbidden: maximum memory usage per Container is 256Mi, but limit is 512Mi | LimitRangeViolated | what the LimitRange allows | false
          403 | pods "iris-1" is forbidden: cpu max limit to request ratio per Container is 2, but provided ratio is 4.000000 | LimitRangeViolated | what the LimitRange allows | false
          403 | pods "iris-1" is forbidden: violates PodSecurity "restricted:latest": runAsNonRoot != true | PodSecurityViolated | mutatingwebhookconfigurations | false
          403 | admission webhook "vet.example.com" denied the request: no cats | AdmissionDenied | owner of this webhook | false
          400 | admission webhook "vet.example.com" denied the request: no cats | AdmissionDenied | owner of this webhook | false
          422 | deployments.apps "iris" is forbidden: ValidatingAdmissionPolicy 'cats' with binding 'cats' denied request: no cats | AdmissionDenied | owner of this webhook or policy | false
          500 | Internal error occurred: failed calling webhook "vet.example.com": failed to call webhook: Post "https://vet.example.svc:443/vet?timeout=10s": dial tcp 10.0.0.1:443: connect: connection refused | AdmissionWebhookUnavailable | repair the webhook | true
          403 | services is forbidden: User "system:serviceaccount:s:op" cannot create resource "services" in API group "" in the namespace "models" | Forbidden | the right to create services in namespace models | false
          403 | horizontalpodautoscalers.autoscaling "iris" is forbidden: User "system:serviceaccount:s:op" cannot patch resource "horizontalpodautoscalers" in API group "autoscaling" in the namespace "models" | Forbidden | the right to patch horizontalpodautoscalers.autoscaling in namespace models | false
          403 | pods "iris-1" is forbidden: no PriorityClass with name urgent was found | PriorityClassNotFound | create the PriorityClass | false
          403 | services "iris" is forbidden: unable to create new content in namespace models because it is being terminated | NamespaceTerminating | is being deleted | false
          403 | pods "iris-1" is forbidden: error looking up service account models/iris: serviceaccount "iris" not found | ServiceAccountNotFound | correct spec.pod.serviceAccountName | false
          403 | pods "iris-1" is forbidden: pod rejected: RuntimeClass "gvisor" not found | RuntimeClassNotFound | correct spec.pod.runtimeClassName | false
          422 | Service "iris" is invalid: spec.loadBalancerClass: Invalid value: "a.b/c": may not change once set | Invalid | or delete the Service | false
          422 | HorizontalPodAutoscaler.autoscaling "iris" is invalid: spec.metrics[1].type: Unsupported value: "Cat" | Invalid | change the spec accordingly | false
          409 | Operation cannot be fulfilled: the object has been modified | Conflict | by itself | true
          500 | etcdserver: leader changed | ApiServerUnavailable | by itself | true
          0 | connect timed out | ApiServerUnavailable | by itself | true
          """)
  void readsTheApiServersWords(
      int code, String words, String reason, String remedy, boolean passing) {
    Refusal refusal = Refusal.of("Deployment iris", code, words);

    assertThat(refusal.reason().word()).isEqualTo(reason);
    assertThat(refusal.message()).startsWith("Deployment iris ").contains(words, remedy);
    assertThat(refusal.passing()).isEqualTo(passing);
  }
}
