package dev.modelserver.server.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads a body of bounded size on a raw route, where the request arrives paused. What comes after
 * the limit is thrown away while the answer goes out, so that the client can read it; a client that
 * never stops is cut off.
 */
public final class BodyReader {

  /** The largest body that is read. */
  public static final int MAX_BYTES = 64 << 20;

  private static final long MAX_DISCARDED_BYTES = 4L * MAX_BYTES;

  private final HttpServerRequest request;
  private final Consumer<Buffer> whenComplete;
  private final Runnable whenTooLarge;
  private @Nullable Buffer collected = Buffer.buffer();
  private long discarded;

  private BodyReader(
      HttpServerRequest request, Consumer<Buffer> whenComplete, Runnable whenTooLarge) {
    this.request = request;
    this.whenComplete = whenComplete;
    this.whenTooLarge = whenTooLarge;
  }

  /** Calls one of the two, once, on the event loop; neither when the client leaves. */
  public static void read(
      RoutingContext context, Consumer<Buffer> whenComplete, Runnable whenTooLarge) {
    HttpServerRequest request = context.request();
    BodyReader reader = new BodyReader(request, whenComplete, whenTooLarge);
    request.handler(reader::chunk);
    request.endHandler(end -> reader.end());
    request.exceptionHandler(gone -> reader.collected = null);
    String announced = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    if (announced != null && (announced.length() > 18 || Long.parseLong(announced) > MAX_BYTES)) {
      reader.refuse();
    }
    request.resume();
  }

  /** Lets a body that nobody reads go by. */
  public static void discard(RoutingContext context) {
    BodyReader reader = new BodyReader(context.request(), body -> {}, () -> {});
    reader.collected = null;
    context.request().handler(reader::chunk);
    context.request().exceptionHandler(gone -> {});
    context.request().resume();
  }

  private void chunk(Buffer chunk) {
    Buffer body = collected;
    if (body == null) {
      discarded += chunk.length();
      if (discarded > MAX_DISCARDED_BYTES) {
        var _ = request.connection().close();
      }
    } else if (body.length() + chunk.length() > MAX_BYTES) {
      refuse();
    } else {
      body.appendBuffer(chunk);
    }
  }

  private void refuse() {
    collected = null;
    whenTooLarge.run();
  }

  private void end() {
    Buffer body = collected;
    if (body != null) {
      collected = null;
      whenComplete.accept(body);
    }
  }
}
