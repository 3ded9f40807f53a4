package dev.modelserver.operator.apply;

import com.fasterxml.jackson.databind.JsonNode;
import dev.modelserver.operator.api.v1alpha1.ModelServer;
import dev.modelserver.operator.names.Annotations;
import dev.modelserver.operator.names.FieldManagers;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
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
  private static final int UNPROCESSABLE = 422;
  private static final Logger LOG = Logger.getLogger(Applier.class);

  private final KubernetesClient client;
  private final Ownership ownership;
  private final UpToDate upToDate;
  private final Answers answers;
  private final String retryToken;
  private final boolean hold;
  private final Overrides overrides = new Overrides();
  private final Set<String> held = new LinkedHashSet<>();
  private final Set<String> replaced = new LinkedHashSet<>();

  /**
   * An applier.
   *
   * @param client where to write
   * @param primary the ModelServer whose objects it may write
   * @param upToDate asked before it writes
   * @param answers what the API server made of earlier writes
   * @param hold whether it only notes what it would write
   */
  public Applier(
      KubernetesClient client,
      ModelServer primary,
      UpToDate upToDate,
      Answers answers,
      boolean hold) {
    this.client = client;
    this.ownership = Ownership.of(primary);
    this.upToDate = upToDate;
    this.answers = answers;
    this.retryToken =
        Optional.ofNullable(primary.getMetadata().getAnnotations())
            .map(annotations -> annotations.get(Annotations.RETRY))
            .orElse("");
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

  /** The fields that an admission of the cluster changes, as far as this pass looked. */
  public List<OverriddenField> overridden() {
    return overrides.all();
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
      if (actual.isEmpty()) {
        // A first apply is not forced: it must not take over what somebody made in this moment.
        send(wanted, FieldManagers.OPERATOR, false);
        return Optional.empty();
      }
      JsonNode content = CachedForm.of(tree(wanted));
      JsonNode stored = stored(actual.get(), cached);
      if (!settled(wanted, content, actual.get(), stored, FieldManagers.OPERATOR)) {
        return sealed(content, stored) ? renew(wanted, actual.get()) : put(wanted, actual.get());
      }
      return Optional.empty();
    } catch (KubernetesClientException e) {
      return Optional.of(refusal(wanted, e));
    }
  }

  /** Whether there is nothing to apply: all is as it is wanted, or as an admission wants it. */
  boolean settled(HasMetadata wanted, HasMetadata actual, String manager) {
    return settled(
        wanted,
        CachedForm.of(tree(wanted)),
        actual,
        CachedForm.withoutLongAnnotations(tree(actual)),
        manager);
  }

  private boolean settled(
      HasMetadata wanted, JsonNode content, HasMetadata actual, JsonNode stored, String manager) {
    List<Difference> differences = Drift.between(content, stored, manager);
    String uid = actual.getMetadata().getUid();
    if (differences.isEmpty()) {
      answers.forget(uid, manager);
      return true;
    }
    boolean stands = answers.stands(uid, manager, Answers.wish(content, retryToken), differences);
    if (stands) {
      overrides.tell(named(wanted), manager, differences);
    }
    return stands;
  }

  private Optional<Refusal> put(HasMetadata wanted, HasMetadata actual) {
    Optional<HasMetadata> untangled = untangle(wanted, actual);
    if (untangled
        .filter(answer -> Clashes.patch(tree(wanted), tree(answer)).isPresent())
        .isPresent()) {
      // An admission moved it again: ours beside it would be refused.
      remember(wanted, FieldManagers.OPERATOR, untangled.get());
    } else {
      send(wanted, FieldManagers.OPERATOR, true);
    }
    return Optional.empty();
  }

  /** Writes an object anew that the API server lets nobody change. */
  private Optional<Refusal> renew(HasMetadata wanted, HasMetadata actual) {
    try {
      // Accepted only where an admission makes of it what is stored.
      send(wanted, FieldManagers.OPERATOR, true);
      return Optional.empty();
    } catch (KubernetesClientException e) {
      if (e.getCode() != UNPROCESSABLE) {
        throw e;
      }
    }
    boolean admission = answers.differed(actual.getMetadata().getUid(), FieldManagers.OPERATOR);
    Optional<Refusal> refused = delete(actual);
    if (refused.isPresent()) {
      return refused;
    }
    send(wanted, FieldManagers.OPERATOR, false);
    if (!admission) {
      replaced.add(named(wanted));
    }
    return Optional.empty();
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
      answers.gone(unwanted.getMetadata().getUid());
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

  /** An immutable ConfigMap or a record with other data: the API server lets nobody change it. */
  private static boolean sealed(JsonNode wanted, JsonNode stored) {
    boolean immutable =
        stored.path("kind").asText().equals("ControllerRevision")
            || (stored.path("kind").asText().equals("ConfigMap")
                && stored.path("immutable").asBoolean());
    return immutable && !stored.path("data").equals(wanted.path("data"));
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
    HasMetadata answer =
        force
            ? resource.fieldManager(manager).forceConflicts().serverSideApply()
            : resource.fieldManager(manager).serverSideApply();
    remember(object, manager, answer);
  }

  /** Compares an answer with what was sent. */
  private void remember(HasMetadata sent, String manager, HasMetadata answer) {
    JsonNode content = CachedForm.of(tree(sent));
    List<Difference> differences = Drift.between(content, CachedForm.of(tree(answer)), manager);
    if (!differences.isEmpty()) {
      LOG.infof(
          "%s in %s is stored with %d other fields than were applied",
          named(sent), sent.getMetadata().getNamespace(), differences.size());
    }
    answers.remember(
        answer.getMetadata().getUid(), manager, Answers.wish(content, retryToken), differences);
    if (sent instanceof ControllerRevision record && answer instanceof ControllerRevision stored) {
      answers.records().answered(record, stored, tree(record), tree(stored));
    }
    overrides.tell(named(sent), manager, differences);
  }

  /** The object with its elements in their places, where they were not. */
  private Optional<HasMetadata> untangle(HasMetadata wanted, HasMetadata stored) {
    if (hold) {
      return Optional.empty();
    }
    return Clashes.patch(tree(wanted), tree(stored))
        .map(
            patch -> {
              upToDate.require();
              LOG.infof("putting back what was moved in %s", named(wanted));
              return client.resource(stored).patch(PatchContext.of(PatchType.JSON), patch);
            });
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
