package dev.modelserver.server.http;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;

/** How a request is given up whose client neither reads nor writes as it should. */
final class HangUp {

  private HangUp() {}

  /**
   * Ends its connection, or only its stream where the connection has others; at once: what is
   * written and not read is dropped.
   */
  static void on(HttpServerRequest request) {
    if (streams(request)) {
      var _ = request.response().reset();
    } else if (request.connection() instanceof ConnectionBase base) {
      // its own close, and that of its channel, would wait until everything is read
      var _ = base.channelHandlerContext().close();
    }
  }

  /** Whether the connection has other requests that go on, and no header that ends it. */
  static boolean streams(HttpServerRequest request) {
    return request.version() == HttpVersion.HTTP_2;
  }
}
