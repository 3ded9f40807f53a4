package dev.modelserver.server.routing;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/** All routes of a router once more, below a prefix of their paths. */
public final class PrefixMount {

  /**
   * The name of the route that only leads to others: what it took is counted by theirs, or by none.
   */
  public static final String NO_NAME = "";

  private final Router router;
  private final String prefix;

  private PrefixMount(Router router, String prefix) {
    this.router = router;
    this.prefix = prefix;
  }

  /**
   * Mounts a router below itself, once: below the prefix there is no second one.
   *
   * @param prefix begins with a slash, does not end with one, and is the same when it is normalised
   * @param order after the route that refuses a path which cannot be decoded, and before all whose
   *     handlers look at the path
   */
  public static void addTo(Router router, String prefix, int order) {
    PrefixMount mounted = new PrefixMount(router, prefix);
    router.route(prefix + "*").setName(NO_NAME).order(order).handler(mounted::handle);
  }

  private void handle(RoutingContext context) {
    if (context.mountPoint() == null && below(context.normalizedPath())) {
      router.handleContext(context);
    } else {
      context.next();
    }
  }

  /** The route takes whatever begins like the prefix. */
  private boolean below(String path) {
    return path.length() == prefix.length() || path.charAt(prefix.length()) == '/';
  }
}
