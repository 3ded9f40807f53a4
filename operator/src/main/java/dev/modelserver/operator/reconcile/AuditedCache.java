package dev.modelserver.operator.reconcile;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.Cache;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The cache of one kind, and what the API server has of it.
 *
 * @param kind for people
 */
record AuditedCache<T extends HasMetadata>(String kind, Stored<T> stored, Cache<T> cache) {

  /** The objects of a kind that a cache should hold, at the API server. */
  interface Stored<T> {
    /** Reads all of them. */
    void forEach(Consumer<T> reader);

    /** Whether there is an object of this name now. */
    boolean exists(ResourceID id);
  }

  /**
   * An object of which the cache and the API server say different things, for the moment or for
   * good.
   *
   * @param listed the version that the API server has; empty where it has no such object
   */
  record Suspect(AuditedCache<?> cache, ResourceID id, OptionalLong listed) {
    /** Whether time did not settle it. */
    boolean stillWrong() {
      return cache.wrong(id, listed);
    }

    @Override
    public String toString() {
      return cache.kind() + " " + id.getNamespace().orElse("") + "/" + id.getName();
    }
  }

  /** Reads everything from the API server and compares. */
  List<Suspect> suspects() {
    List<Suspect> suspects = new ArrayList<>();
    Set<ResourceID> listed = new HashSet<>();
    // Before the list: what is made after it is not missing from it.
    List<ResourceID> cached = cache.keys().toList();
    stored.forEach(
        object -> {
          ResourceID id = ResourceID.fromResource(object);
          listed.add(id);
          if (behind(id, version(object))) {
            suspects.add(new Suspect(this, id, OptionalLong.of(version(object))));
          }
        });
    cached.stream()
        .filter(id -> !listed.contains(id) && cache.contains(id))
        .forEach(id -> suspects.add(new Suspect(this, id, OptionalLong.empty())));
    return suspects;
  }

  private boolean wrong(ResourceID id, OptionalLong listed) {
    return listed.isPresent()
        ? behind(id, listed.getAsLong()) && stored.exists(id)
        : cache.contains(id) && !stored.exists(id);
  }

  private boolean behind(ResourceID id, long version) {
    Optional<T> held = cache.get(id);
    return held.isEmpty() || version(held.get()) < version;
  }

  /** The version of an object; versions of one object grow. */
  private static long version(HasMetadata object) {
    return Long.parseLong(object.getMetadata().getResourceVersion());
  }
}
