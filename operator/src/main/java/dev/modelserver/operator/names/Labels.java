package dev.modelserver.operator.names;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Labels, selectors and owner references, once. */
public final class Labels {
  /** Names the ModelServer that an object belongs to. */
  public static final String NAME = "modelserver.dev/name";

  /** Names the hash of the revision that a pod or ControllerRevision is of. */
  public static final String REVISION = "modelserver.dev/revision";

  /** Selects every object the operator manages. */
  public static final String MANAGED = "app.kubernetes.io/managed-by=modelserver-operator";

  /** Marks the headless Service, so that its pods are not scraped a second time. */
  public static final String SERVICE = "modelserver.dev/service";

  /** Its value. */
  public static final String HEADLESS = "headless";

  /** Tells pods of different tracks of one ModelServer apart. */
  public static final String TRACK = "modelserver.dev/track";

  /** The track of the pods that the Deployment makes. */
  public static final String STABLE = "stable";

  private static final String API_VERSION = "modelserver.dev/v1alpha1";
  private static final String KIND = "ModelServer";

  private Labels() {}

  /** Labels of every object of a ModelServer. */
  public static Map<String, String> of(Owner owner) {
    Map<String, String> labels = new TreeMap<>();
    labels.put("app.kubernetes.io/name", "modelserver");
    labels.put("app.kubernetes.io/instance", owner.name());
    labels.put("app.kubernetes.io/component", "inference-server");
    labels.put("app.kubernetes.io/part-of", "modelserver");
    labels.put("app.kubernetes.io/managed-by", "modelserver-operator");
    labels.put(NAME, owner.name());
    return labels;
  }

  /**
   * Selector of the Service: fixed for life, without the track, so that it can select more than
   * one.
   */
  public static Map<String, String> serviceSelector(Owner owner) {
    return Map.of(NAME, owner.name());
  }

  /** Selector of the Deployment: fixed for life. */
  public static Map<String, String> deploymentSelector(Owner owner) {
    return new TreeMap<>(Map.of(NAME, owner.name(), TRACK, STABLE));
  }

  /** Metadata of an object that the ModelServer controls. */
  public static ObjectMeta metadata(Owner owner, String name) {
    return new ObjectMetaBuilder()
        .withName(name)
        .withNamespace(owner.namespace())
        .withLabels(of(owner))
        .withOwnerReferences(
            new OwnerReferenceBuilder()
                .withApiVersion(API_VERSION)
                .withKind(KIND)
                .withName(owner.name())
                .withUid(owner.uid())
                .withController(true)
                .withBlockOwnerDeletion(true)
                .build())
        .build();
  }

  /** The value of a label of an object. */
  public static Optional<String> value(HasMetadata object, String label) {
    return Optional.ofNullable(object.getMetadata().getLabels()).map(labels -> labels.get(label));
  }

  /** Whether a ModelServer of the same name, but not this uid, is the controller of the object. */
  public static boolean ofAFormer(String uid, HasMetadata object) {
    Optional<String> name = value(object, NAME);
    return object.getMetadata().getOwnerReferences().stream()
        .anyMatch(
            ref ->
                Boolean.TRUE.equals(ref.getController())
                    && KIND.equals(ref.getKind())
                    && name.equals(Optional.of(ref.getName()))
                    && !uid.equals(ref.getUid()));
  }

  /** The name of the ModelServer that controls an object. */
  public static Optional<String> owner(HasMetadata object) {
    return object.getMetadata().getOwnerReferences().stream()
        .filter(ref -> Boolean.TRUE.equals(ref.getController()) && KIND.equals(ref.getKind()))
        .map(OwnerReference::getName)
        .findFirst();
  }

  /** Whether the ModelServer with this uid is the controller of the object. */
  public static boolean controls(String uid, HasMetadata object) {
    return object.getMetadata().getOwnerReferences().stream()
        .anyMatch(ref -> Boolean.TRUE.equals(ref.getController()) && uid.equals(ref.getUid()));
  }
}
