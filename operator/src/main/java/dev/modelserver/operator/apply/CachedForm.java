package dev.modelserver.operator.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.modelserver.operator.names.FieldManagers;
import dev.modelserver.operator.names.Labels;
import dev.modelserver.operator.names.Names;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.BackendTLSPolicy;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.GRPCRoute;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.PolicyAncestorStatus;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.PolicyAncestorStatusBuilder;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.RouteParentStatus;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.RouteParentStatusBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressLoadBalancerIngressBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.IngressStatus;
import io.fabric8.kubernetes.api.model.networking.v1.IngressStatusBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What the caches hold of an object: what is read, a digest of what is only compared, and of an
 * object that no ModelServer has anything to do with no more than that it is there. Everybody can
 * create objects with our labels, of a megabyte each.
 */
public final class CachedForm {
  /** Characters of an annotation that is held as it is. */
  private static final int LONGEST = 256;

  /** Labels, annotations, keys of a ConfigMap, owners: a user of ours can set 64 of each. */
  private static final int MOST = 256;

  /** Characters of what an Event says. */
  private static final int LONGEST_WORDS = 4096;

  /** Addresses of an Ingress. */
  private static final int MOST_ADDRESSES = 16;

  /** Parents of a route. */
  private static final int MOST_PARENTS = 32;

  /** Conditions for a parent of a route. */
  private static final int MOST_REPORTS = 8;

  /** Characters of what a controller says of a route. */
  private static final int LONGEST_REPORT = 1024;

  private CachedForm() {}

  /** The object itself, with what is not read taken out of it. */
  public static <T extends HasMetadata> T of(T object) {
    boolean stranger =
        Labels.owner(object).isEmpty() && Labels.value(object, Labels.NAME).isEmpty();
    object.setMetadata(stranger ? identity(object) : metadata(object.getMetadata()));
    switch (object) {
      case ConfigMap map -> {
        map.setData(stranger ? Map.of() : digests(map.getData()));
        map.setBinaryData(stranger ? Map.of() : digests(map.getBinaryData()));
      }
      // The records are read from the API server.
      case ControllerRevision record -> record.setData(null);
      case ServiceAccount account -> {
        account.setSecrets(List.of());
        account.setImagePullSecrets(List.of());
      }
      case Deployment deployment when stranger -> {
        deployment.setSpec(null);
        deployment.setStatus(null);
      }
      case Service service when stranger -> {
        service.setSpec(null);
        service.setStatus(null);
      }
      case HorizontalPodAutoscaler autoscaler when stranger -> {
        autoscaler.setSpec(null);
        autoscaler.setStatus(null);
      }
      case PodDisruptionBudget budget when stranger -> {
        budget.setSpec(null);
        budget.setStatus(null);
      }
      case Ingress ingress -> {
        if (stranger) {
          ingress.setSpec(null);
        }
        ingress.setStatus(stranger ? null : addresses(ingress.getStatus()));
      }
      case HTTPRoute route -> {
        if (stranger) {
          route.setSpec(null);
        }
        if (route.getStatus() != null) {
          route
              .getStatus()
              .setParents(stranger ? List.of() : reports(route.getStatus().getParents()));
        }
      }
      case GRPCRoute route -> {
        if (stranger) {
          route.setSpec(null);
        }
        if (route.getStatus() != null) {
          route
              .getStatus()
              .setParents(stranger ? List.of() : reports(route.getStatus().getParents()));
        }
      }
      case BackendTLSPolicy policy -> {
        if (stranger) {
          policy.setSpec(null);
        }
        if (policy.getStatus() != null) {
          policy
              .getStatus()
              .setAncestors(stranger ? List.of() : told(policy.getStatus().getAncestors()));
        }
      }
      case NetworkPolicy policy when stranger -> policy.setSpec(null);
      case ServiceMonitor monitor when stranger -> monitor.setSpec(null);
      case PrometheusRule rule when stranger -> rule.setSpec(null);
      case Pod pod -> pod.setSpec(stranger ? new PodSpec() : spec(pod.getSpec()));
      default -> {}
    }
    return object;
  }

  /** A warning about a pod, which has no label of ours: whose pod it is, and what it says. */
  public static Event of(Event event) {
    return new EventBuilder()
        .withMetadata(identity(event))
        .withReason(cut(event.getReason(), LONGEST))
        .withMessage(cut(event.getMessage(), LONGEST_WORDS))
        .withNewInvolvedObject()
        .withName(event.getInvolvedObject().getName())
        .withNamespace(event.getInvolvedObject().getNamespace())
        .withUid(event.getInvolvedObject().getUid())
        .endInvolvedObject()
        .build();
  }

  /** An object with its long annotations as a cache holds them, wherever it comes from. */
  static JsonNode withoutLongAnnotations(JsonNode object) {
    digest(object.at("/metadata/annotations"), CachedForm::shortened);
    return object;
  }

  /** An object as it goes to or comes from the API server, with what a cache holds as digests. */
  static JsonNode of(JsonNode object) {
    if (object.path("kind").asText().equals("ConfigMap")) {
      digest(object.path("data"), CachedForm::digest);
      digest(object.path("binaryData"), CachedForm::digest);
    }
    return withoutLongAnnotations(object);
  }

  private static void digest(JsonNode strings, UnaryOperator<String> form) {
    if (strings instanceof ObjectNode map) {
      map.properties()
          .forEach(entry -> map.put(entry.getKey(), form.apply(entry.getValue().asText())));
    }
  }

  private static ObjectMeta identity(HasMetadata object) {
    ObjectMeta metadata = object.getMetadata();
    return new ObjectMetaBuilder()
        .withName(metadata.getName())
        .withNamespace(metadata.getNamespace())
        .withUid(metadata.getUid())
        .withResourceVersion(metadata.getResourceVersion())
        .build();
  }

  private static ObjectMeta metadata(ObjectMeta all) {
    return new ObjectMetaBuilder()
        .withName(all.getName())
        .withNamespace(all.getNamespace())
        .withUid(all.getUid())
        .withResourceVersion(all.getResourceVersion())
        .withGeneration(all.getGeneration())
        .withCreationTimestamp(all.getCreationTimestamp())
        .withDeletionTimestamp(all.getDeletionTimestamp())
        .withLabels(some(all.getLabels(), UnaryOperator.identity()))
        .withAnnotations(some(all.getAnnotations(), CachedForm::shortened))
        .withOwnerReferences(owners(all.getOwnerReferences()))
        .withManagedFields(
            all.getManagedFields().stream().filter(CachedForm::ours).limit(1).toList())
        .build();
  }

  /** What an apply of ours owns. */
  private static boolean ours(ManagedFieldsEntry entry) {
    return FieldManagers.OPERATOR.equals(entry.getManager())
        && "Apply".equals(entry.getOperation())
        && entry.getSubresource() == null;
  }

  private static List<OwnerReference> owners(List<OwnerReference> all) {
    return all.size() <= MOST
        ? all
        : all.stream()
            .filter(owner -> Boolean.TRUE.equals(owner.getController()))
            .limit(1)
            .toList();
  }

  /** All of them, or those of ours where they are too many. */
  private static Map<String, String> some(
      @Nullable Map<String, String> all, UnaryOperator<String> form) {
    Map<String, String> kept = new TreeMap<>();
    if (all != null) {
      all.forEach(
          (key, value) -> {
            if (all.size() <= MOST
                || key.startsWith("modelserver.dev/")
                || key.startsWith("app.kubernetes.io/")) {
              kept.put(key, form.apply(value));
            }
          });
    }
    return kept;
  }

  private static Map<String, String> digests(@Nullable Map<String, String> all) {
    Map<String, String> digests = new TreeMap<>();
    if (all != null && all.size() <= MOST) {
      all.forEach((key, value) -> digests.put(key, digest(value)));
    }
    return digests;
  }

  private static @Nullable IngressStatus addresses(@Nullable IngressStatus all) {
    return all == null || all.getLoadBalancer() == null
        ? null
        : new IngressStatusBuilder()
            .withNewLoadBalancer()
            .withIngress(
                all.getLoadBalancer().getIngress().stream()
                    .limit(MOST_ADDRESSES)
                    .map(
                        address ->
                            new IngressLoadBalancerIngressBuilder()
                                .withHostname(cut(address.getHostname(), LONGEST))
                                .withIp(cut(address.getIp(), LONGEST))
                                .build())
                    .toList())
            .endLoadBalancer()
            .build();
  }

  /** What controllers say of a route, in as many characters as a status of ours quotes. */
  private static List<RouteParentStatus> reports(List<RouteParentStatus> all) {
    return all.stream()
        .limit(MOST_PARENTS)
        .map(
            parent ->
                new RouteParentStatusBuilder()
                    .withParentRef(parent.getParentRef())
                    .withConditions(
                        parent.getConditions().stream()
                            .limit(MOST_REPORTS)
                            .map(CachedForm::report)
                            .toList())
                    .build())
        .toList();
  }

  private static List<PolicyAncestorStatus> told(List<PolicyAncestorStatus> all) {
    return all.stream()
        .limit(MOST_PARENTS)
        .map(
            ancestor ->
                new PolicyAncestorStatusBuilder()
                    .withAncestorRef(ancestor.getAncestorRef())
                    .withConditions(
                        ancestor.getConditions().stream()
                            .limit(MOST_REPORTS)
                            .map(CachedForm::report)
                            .toList())
                    .build())
        .toList();
  }

  private static Condition report(Condition all) {
    return new ConditionBuilder()
        .withType(cut(all.getType(), LONGEST))
        .withStatus(all.getStatus())
        .withObservedGeneration(all.getObservedGeneration())
        .withReason(cut(all.getReason(), LONGEST))
        .withMessage(cut(all.getMessage(), LONGEST_REPORT))
        .build();
  }

  private static PodSpec spec(PodSpec all) {
    return new PodSpecBuilder()
        .withNodeName(all.getNodeName())
        .withVolumes(
            all.getVolumes().stream()
                .filter(volume -> Names.CONFIG_VOLUME.equals(volume.getName()))
                .toList())
        .withInitContainers(all.getInitContainers().stream().map(CachedForm::container).toList())
        .withContainers(all.getContainers().stream().map(CachedForm::container).toList())
        .build();
  }

  private static Container container(Container all) {
    return new ContainerBuilder()
        .withName(all.getName())
        .withImage(all.getImage())
        .withResources(all.getResources())
        .build();
  }

  private static @Nullable String cut(@Nullable String text, int most) {
    return text == null || text.length() <= most ? text : text.substring(0, most);
  }

  private static String shortened(String text) {
    return text.length() <= LONGEST ? text : digest(text);
  }

  static String digest(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return "sha256:" + HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
