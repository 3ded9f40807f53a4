package dev.modelserver.server.http;

/**
 * When a route is tried. Most have no order of their own and come when they are registered, after
 * the framework's; each that is tried first costs every request.
 */
public final class RouteOrder {

  /** Sees every request, before all others. */
  public static final int FIRST = Integer.MIN_VALUE / 2;

  /** Leads below the path prefix, once the path is known to be one: all others come once more. */
  public static final int PREFIX = FIRST + 1;

  /** Begins the request's span. */
  public static final int SPAN = PREFIX + 1;

  /** Who sends a request. */
  public static final int CLIENT = SPAN + 1;

  /** {@code /predict}, with one comparison of its path; after the framework's filters. */
  public static final int PREDICT = -50;

  /** Inference by the other protocols, whose paths are patterns. */
  public static final int INFER = PREDICT + 1;

  private RouteOrder() {}
}
