package dev.modelserver.operator.apply;

import com.fasterxml.jackson.databind.JsonNode;
import dev.modelserver.operator.names.FieldManagers;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jboss.logging.Logger;

/**
 * Writes objects of one ModelServer: server-side apply of what differs, deletes of what is no
 * longer wanted. Never touches an object that the ModelServer does not control.
 */
public final class Applier {
  private static final Logger LOG = Logger.getLogger(Applier.class);

  private final KubernetesClient client;
  private final Ownership ownership;
  private final UpToDate upToDate;
  private final boolean hold;
  private final Set<String> held = new LinkedHashSet<>();
  private final Set<String> replaced = new LinkedHashSet<>();

  /**
   * An applier.
   *
   * @param client where to write
   * @param ownership which objects it may write
   * @param upToDate asked before it writes
   * @param hold whether it only notes what it would write
   */
  public Applier(KubernetesClient client, Ownership ownership, UpToDate upToDate, boolean hold) {
    this.client = client;
    this.ownership = ownership;
    this.upToDate = upToDate;
    this.hold = hold;
  }

  /** The objects that it would have written or deleted, had it not been told to hold. */
  public List<String> held() {
    return List.copyOf(held);
  }

  /** The immutable objects with other data than the operator's, which it wrote anew. */
  public List<String> replaced() {
    return List.copyOf(replaced);
  }

  /**
   * Makes an object as it is wanted.
   *
   * @param cached the object as a cache holds it; where it holds none of ours, the API server is
   *     asked
   * @return why it could not be written, if it could not
   */
  public Optional<Refusal> apply(HasMetadata wanted, Optional<? extends HasMetadata> cached) {
    try {
      // A stranger in the cache may be gone since.
      Optional<HasMetadata> actual = own(cached).or(() -> find(wanted));
      if (actual.isPresent() && !ownership.owns(actual.get())) {
        return Optional.of(stranger(actual.get()));
      }
      JsonNode content = CachedForm.of(tree(wanted));
      JsonNode stored = actual.map(object -> stored(object, cached)).orElse(content);
      if (actual.isEmpty() || Drift.exists(content, stored, FieldManagers.OPERATOR)) {
        if (actual.isPresent() && sealed(content, stored)) {
          Optional<Refusal> refused = delete(actual.get());
          if (refused.isPresent()) {
            return refused;
          }
          send(wanted, FieldManagers.OPERATOR, false);
          replaced.add(named(wanted));
          return Optional.empty();
        }
        actual.ifPresent(object -> untangle(wanted, object));
        // A first apply is not forced: it must not take over what somebody made in this moment.
        send(wanted, FieldManagers.OPERATOR, actual.isPresent());
      }
      return Optional.empty();
    } catch (KubernetesClientException e) {
      return Optional.of(refusal(wanted, e));
    }
  }

  /** Why an object that this ModelServer does not control is left alone. */
  Refusal stranger(HasMetadata object) {
    return ownership.leaving(object)
        ? Refusal.leaving(named(object))
        : Refusal.nameConflict(named(object));
  }

  /** Deletes an object that is no longer wanted, in exactly the version that was seen. */
  public Optional<Refusal> delete(HasMetadata unwanted) {
    if (!ownership.owns(unwanted)) {
      return Optional.empty();
    }
    if (hold) {
      held.add(named(unwanted));
      return Optional.empty();
    }
    try {
      upToDate.require();
      LOG.infof("deleting %s in %s", named(unwanted), unwanted.getMetadata().getNamespace());
      client
          .resource(unwanted)
          .lockResourceVersion(unwanted.getMetadata().getResourceVersion())
          .delete();
      return Optional.empty();
    } catch (KubernetesClientException e) {
      return e.getCode() == 404 ? Optional.empty() : Optional.of(refusal(unwanted, e));
    }
  }

  /** An immutable ConfigMap with other data: the API server lets nobody change it. */
  private static boolean sealed(JsonNode wanted, JsonNode stored) {
    return stored.path("kind").asText().equals("ConfigMap")
        && stored.path("immutable").asBoolean()
        && !stored.path("data").equals(wanted.path("data"));
  }

  private JsonNode stored(HasMetadata actual, Optional<? extends HasMetadata> cached) {
    boolean isCached = cached.filter(object -> object == actual).isPresent();
    return isCached ? CachedForm.withoutLongAnnotations(tree(actual)) : CachedForm.of(tree(actual));
  }

  private Optional<HasMetadata> own(Optional<? extends HasMetadata> cached) {
    return cached.map(HasMetadata.class::cast).filter(ownership::owns);
  }

  /** The stored object of this kind and name. */
  Optional<HasMetadata> find(HasMetadata wanted) {
    return Optional.ofNullable(client.resource(wanted).get());
  }

  /** Whether the API server has no object of this kind and name. */
  public boolean isAbsent(HasMetadata wanted) {
    return find(wanted).isEmpty();
  }

  void send(HasMetadata object, String manager, boolean force) {
    if (hold) {
      held.add(named(object));
      return;
    }
    upToDate.require();
    LOG.infof(
        "applying %s in %s as %s", named(object), object.getMetadata().getNamespace(), manager);
    Resource<HasMetadata> resource = client.resource(object);
    if (force) {
      resource.fieldManager(manager).forceConflicts().serverSideApply();
    } else {
      resource.fieldManager(manager).serverSideApply();
    }
  }

  private void untangle(HasMetadata wanted, HasMetadata stored) {
    if (!hold) {
      Clashes.patch(tree(wanted), tree(stored))
          .ifPresent(
              patch -> {
                upToDate.require();
                LOG.infof("putting back what was moved in %s", named(wanted));
                client.resource(stored).patch(PatchContext.of(PatchType.JSON), patch);
              });
    }
  }

  boolean owns(HasMetadata object) {
    return ownership.owns(object);
  }

  JsonNode tree(HasMetadata object) {
    return Json.tree(client.getKubernetesSerialization().asJson(object));
  }

  static Refusal refusal(HasMetadata object, KubernetesClientException e) {
    return Refusal.of(named(object), e.getCode(), words(e));
  }

  /** What the API server said, or what kept it from saying anything. */
  public static String words(KubernetesClientException e) {
    if (e.getStatus() != null && e.getStatus().getMessage() != null) {
      return e.getStatus().getMessage();
    }
    return e.getCause() == null
        ? String.valueOf(e.getMessage())
        : "%s %s".formatted(e.getMessage(), e.getCause().getMessage());
  }

  static String named(HasMetadata object) {
    return object.getKind() + " " + object.getMetadata().getName();
  }
}
