package dev.modelserver.server.routing;

import io.vertx.ext.web.RoutingContext;

/**
 * The path of a request as routes are found by it: normalised, and without the prefix that it was
 * sent below. Whatever is decided by a path is decided by this one, so that the same request means
 * the same with and without the prefix.
 */
public final class RequestPath {

  private RequestPath() {}

  /** Begins with a slash. A path that cannot be decoded is an IllegalArgumentException. */
  public static String of(RoutingContext context) {
    String path = context.normalizedPath();
    String prefix = context.mountPoint();
    if (prefix == null) {
      return path;
    }
    return path.length() == prefix.length() ? "/" : path.substring(prefix.length());
  }

  /**
   * What a relative link from here to a page at the top begins with. A client resolves it against
   * the path that it sent: beside {@code /iris} is {@code iris/docs}, beside {@code /iris/} is
   * {@code docs}.
   */
  public static String linkBase(RoutingContext context) {
    String prefix = context.mountPoint();
    return prefix != null && context.normalizedPath().length() == prefix.length()
        ? prefix.substring(prefix.lastIndexOf('/') + 1) + "/"
        : "";
  }
}
