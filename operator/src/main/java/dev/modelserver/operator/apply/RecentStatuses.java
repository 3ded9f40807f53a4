package dev.modelserver.operator.apply;

import dev.modelserver.operator.api.v1alpha1.ModelServer;
import dev.modelserver.operator.api.v1alpha1.ModelServerStatus;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Statuses that were written and that an informer has not seen yet: without them a cache that lags
 * behind would make the same transition, and tell its Event, twice.
 */
final class RecentStatuses {
  private static final int MOST_REMEMBERED = 1_000;

  private final Map<String, Written> written =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Written> eldest) {
          return size() > MOST_REMEMBERED;
        }
      };

  private record Written(long resourceVersion, @Nullable ModelServerStatus status) {}

  /** Remembers a ModelServer as the API server answered a write of its status. */
  synchronized void remember(ModelServer stored) {
    written.put(stored.getMetadata().getUid(), new Written(version(stored), stored.getStatus()));
  }

  /**
   * Gives a cached ModelServer the status that was written since; forgets it once the cache has it.
   */
  synchronized void refresh(ModelServer cached) {
    Written last = written.get(cached.getMetadata().getUid());
    if (last == null) {
      return;
    }
    if (version(cached) < last.resourceVersion()) {
      cached.setStatus(last.status());
    } else {
      written.remove(cached.getMetadata().getUid());
    }
  }

  /**
   * Resource versions of one object are numbers that grow (Kubernetes 1.35 promises what etcd
   * always did).
   */
  private static long version(ModelServer object) {
    return Long.parseLong(object.getMetadata().getResourceVersion());
  }
}
