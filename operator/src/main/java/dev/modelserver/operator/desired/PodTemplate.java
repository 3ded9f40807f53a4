package dev.modelserver.operator.desired;

import dev.modelserver.operator.names.Annotations;
import dev.modelserver.operator.names.Labels;
import dev.modelserver.operator.names.Names;
import dev.modelserver.operator.names.Owner;
import dev.modelserver.operator.resolve.ModelSource;
import dev.modelserver.operator.resolve.ModelUri;
import dev.modelserver.operator.resolve.Placement;
import dev.modelserver.operator.resolve.ResolvedModelServer;
import dev.modelserver.operator.resolve.Workload;
import dev.modelserver.operator.revision.Revision;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSecurityContextBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraintBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The pods of a revision: metadata, placement and the pod-level part of Pod Security `restricted`.
 */
final class PodTemplate {
  private static final long GRACE_SECONDS = 5;
  private static final String SAFE_TO_EVICT =
      "cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes";

  /** Containers that get no credentials of the pod's cloud identity. */
  private static final String NO_IDENTITY = "eks.amazonaws.com/skip-containers";

  private PodTemplate() {}

  /** The template of the spec as it is now. */
  static PodTemplateSpec of(ResolvedModelServer server) {
    Owner owner = server.owner();
    Workload workload = server.workload();
    return new PodTemplateSpecBuilder()
        .withNewMetadata()
        .withLabels(labels(owner, workload))
        .withAnnotations(annotations(owner, workload))
        .endMetadata()
        .withSpec(spec(owner, workload, server.rollout().progressDeadline()))
        .build();
  }

  /** The template of a revision, mounting the configuration of its present attempt. */
  static PodTemplateSpec of(Owner owner, Revision revision) {
    return revision.attempt().isEmpty()
        ? revision.template()
        : new PodTemplateSpecBuilder(revision.template())
            .editSpec()
            .editMatchingVolume(volume -> Names.CONFIG_VOLUME.equals(volume.getName()))
            .editConfigMap()
            .withName(Names.config(owner, revision.hash(), revision.attempt()))
            .endConfigMap()
            .endVolume()
            .endSpec()
            .build();
  }

  /** Whether pods of a template have the account that the operator makes. */
  static boolean hasOwnAccount(Owner owner, PodTemplateSpec template) {
    return Names.serviceAccount(owner).equals(template.getSpec().getServiceAccountName());
  }

  private static Map<String, String> labels(Owner owner, Workload workload) {
    Map<String, String> labels = new TreeMap<>(workload.pod().labels());
    labels.putAll(Labels.of(owner));
    labels.put(Labels.TRACK, Labels.STABLE);
    labels.put(Labels.REVISION, workload.hash());
    workload.model().version().ifPresent(v -> labels.put("app.kubernetes.io/version", v));
    return labels;
  }

  private static Map<String, String> annotations(Owner owner, Workload workload) {
    Map<String, String> annotations = new TreeMap<>();
    // What they hold can be fetched again, so they are no reason to keep a node.
    annotations.put(SAFE_TO_EVICT, String.join(",", Volumes.caches(owner, workload)));
    if (workload.model().source() instanceof ModelSource.Uri(ModelUri.S3Object _)) {
      annotations.put(NO_IDENTITY, Names.SERVER);
    }
    annotations.putAll(workload.pod().annotations());
    annotations.put("kubectl.kubernetes.io/default-container", Names.SERVER);
    if (!workload.restartToken().isEmpty()) {
      annotations.put(Annotations.RESTART, workload.restartToken());
    }
    return annotations;
  }

  private static PodSpec spec(Owner owner, Workload workload, Duration startup) {
    Placement pod = workload.pod();
    return new PodSpecBuilder()
        .withServiceAccountName(pod.serviceAccountName().orElse(Names.serviceAccount(owner)))
        .withAutomountServiceAccountToken(false)
        .withEnableServiceLinks(false)
        .withSecurityContext(
            pod.securityContext().map(PodTemplate::restricted).orElseGet(PodTemplate::restricted))
        .withTerminationGracePeriodSeconds(gracePeriod(workload))
        .withInitContainers(Containers.preflight(workload))
        .withContainers(Containers.server(workload, startup))
        .withVolumes(Volumes.of(owner, workload))
        .withNodeSelector(pod.nodeSelector())
        .withTolerations(pod.tolerations())
        .withAffinity(pod.affinity().orElse(null))
        .withTopologySpreadConstraints(spread(owner, pod.topologySpreadConstraints()))
        .withPriorityClassName(pod.priorityClassName().orElse(null))
        .withImagePullSecrets(
            pod.imagePullSecrets().stream().map(LocalObjectReference::new).toList())
        .withSchedulerName(pod.schedulerName().orElse(null))
        .withRuntimeClassName(pod.runtimeClassName().orElse(null))
        .withDnsPolicy(pod.dnsPolicy().orElse(null))
        .withDnsConfig(pod.dnsConfig().orElse(null))
        .withHostAliases(pod.hostAliases())
        .build();
  }

  static PodSecurityContext restricted() {
    return restricted(new PodSecurityContext());
  }

  /** The users, groups and SELinux context of another one, and nothing else of it. */
  static PodSecurityContext restricted(PodSecurityContext users) {
    return new PodSecurityContextBuilder()
        .withFsGroup(users.getFsGroup())
        .withFsGroupChangePolicy(users.getFsGroupChangePolicy())
        .withSupplementalGroups(users.getSupplementalGroups())
        .withRunAsUser(users.getRunAsUser())
        .withRunAsGroup(users.getRunAsGroup())
        .withSeLinuxOptions(users.getSeLinuxOptions())
        .withRunAsNonRoot(true)
        .withNewSeccompProfile()
        .withType("RuntimeDefault")
        .endSeccompProfile()
        .build();
  }

  /** Time for the drain delay, the longest request after it, and the close. */
  private static long gracePeriod(Workload workload) {
    return workload.drainDelay().plus(workload.requestTimeout()).toSeconds() + GRACE_SECONDS;
  }

  private static List<TopologySpreadConstraint> spread(
      Owner owner, List<TopologySpreadConstraint> wanted) {
    return wanted.isEmpty() ? List.of(overNodes(owner)) : selecting(owner, wanted);
  }

  /** The pods of one revision, as far as it goes, so that the loss of a node leaves some. */
  private static TopologySpreadConstraint overNodes(Owner owner) {
    return new TopologySpreadConstraintBuilder()
        .withMaxSkew(1)
        .withTopologyKey("kubernetes.io/hostname")
        .withWhenUnsatisfiable("ScheduleAnyway")
        .withLabelSelector(
            new LabelSelectorBuilder().withMatchLabels(Labels.deploymentSelector(owner)).build())
        .withMatchLabelKeys("pod-template-hash")
        .build();
  }

  private static List<TopologySpreadConstraint> selecting(
      Owner owner, List<TopologySpreadConstraint> wanted) {
    return wanted.stream()
        .map(
            c ->
                c.getLabelSelector() != null
                    ? c
                    : new TopologySpreadConstraintBuilder(c)
                        .withLabelSelector(
                            new LabelSelectorBuilder()
                                .withMatchLabels(Labels.deploymentSelector(owner))
                                .build())
                        .build())
        .toList();
  }
}
