package dev.modelserver.server.http;

import dev.modelserver.server.connection.BodyPieces;
import dev.modelserver.server.failure.RequestFailure;
import dev.modelserver.server.failure.RequestFailure.BodyContent;
import dev.modelserver.server.failure.RequestFailure.BodyTooLarge;
import io.vertx.core.Context;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads a body of bounded size on a raw route, where the request arrives paused. What comes after
 * the limit is thrown away while the answer goes out, so that the client can read it; a client that
 * never stops is cut off.
 */
public final class BodyReader {

  /** The largest body that is read: a sixteenth of the heap, from 1 MiB to 64 MiB. */
  public static final int MAX_BYTES =
      Math.clamp(Runtime.getRuntime().maxMemory() / 16, 1 << 20, BodyTooLarge.HIGHEST_LIMIT);

  /** The header that says how many bytes of a body are JSON; binary data follow them. */
  public static final String JSON_LENGTH = "Inference-Header-Content-Length";

  /** Smaller bodies come in a piece or two. */
  private static final int MIN_LENT_BYTES = 32 << 10;

  private static final long MAX_DISCARDED_BYTES = 256L << 20;

  /** How long a client that is too slow may take to read that it is. */
  private static final long LINGER_MILLIS = 1000;

  private final RoutingContext context;
  private final HttpServerRequest request;
  private final @Nullable SlowBodies slow;
  private final Consumer<Body> whenComplete;
  private final Consumer<RequestFailure> whenRefused;
  private @Nullable BodyPieces pieces;
  private @Nullable Body collected;
  private long discarded;
  private int announced = Integer.MAX_VALUE;
  private boolean watched;
  private long began;
  private @Nullable Context loop;

  private BodyReader(
      RoutingContext context,
      @Nullable SlowBodies slow,
      @Nullable Body collected,
      Consumer<Body> whenComplete,
      Consumer<RequestFailure> whenRefused) {
    this.context = context;
    this.request = context.request();
    this.slow = slow;
    this.collected = collected;
    this.whenComplete = whenComplete;
    this.whenRefused = whenRefused;
  }

  /**
   * Calls one of the two, once, on the event loop; neither when the client leaves. Who gets the
   * body releases it.
   *
   * @param head bytes of the body before its tensors; negative: it has none
   * @param slow is told of a body that does not come in one piece
   */
  static void read(
      RoutingContext context,
      int head,
      SlowBodies slow,
      Consumer<Body> whenComplete,
      Consumer<RequestFailure> whenRefused) {
    HttpServerRequest request = context.request();
    Body body = Body.inProcess();
    BodyReader reader = new BodyReader(context, slow, body, whenComplete, whenRefused);
    request.handler(reader::chunk);
    request.endHandler(end -> reader.end());
    request.exceptionHandler(gone -> reader.drop());
    String announced = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    if (announced != null) {
      long length = announced.length() > 18 ? Long.MAX_VALUE : Long.parseLong(announced);
      if (length > MAX_BYTES) {
        reader.refuse(new BodyTooLarge(content(request.headers()), MAX_BYTES, length));
      } else if (head < 0) {
        body.announce((int) length);
      } else {
        body.announceTensors((int) length, head);
      }
      reader.announced = (int) Math.min(length, MAX_BYTES);
      if (length >= MIN_LENT_BYTES) {
        reader.pieces = BodyPieces.of(request.connection());
      }
    }
    request.resume();
  }

  /** Lets a body that nobody reads go by. */
  public static void discard(RoutingContext context) {
    BodyReader reader = new BodyReader(context, null, null, body -> {}, failure -> {});
    context.request().handler(reader::chunk);
    context.request().exceptionHandler(gone -> {});
    context.request().resume();
  }

  /** What the headers say of a body. */
  static BodyContent content(MultiMap headers) {
    String contentType = headers.get(HttpHeaders.CONTENT_TYPE);
    if (headers.contains(JSON_LENGTH)) {
      return BodyContent.BINARY;
    }
    return contentType != null && ContentType.mayBeImage(contentType)
        ? BodyContent.IMAGE
        : BodyContent.JSON;
  }

  private void chunk(Buffer chunk) {
    take(chunk);
    if (pieces != null) {
      pieces.readAtOnce();
    }
  }

  private void take(Buffer chunk) {
    Body body = collected;
    if (body == null) {
      discarded += chunk.length();
      if (discarded > MAX_DISCARDED_BYTES) {
        var _ = request.connection().close();
      }
    } else if (chunk.length() > MAX_BYTES - body.length()) {
      refuse(new BodyTooLarge(content(request.headers()), MAX_BYTES, -1));
    } else if (!body.append(chunk)) {
      refuse(new RequestFailure.NoMemory());
    } else if (!watched && slow != null && body.length() < announced) {
      watched = true;
      began = System.nanoTime();
      loop = context.vertx().getOrCreateContext();
      slow.watch(this);
    }
  }

  /** Ends the request when its body has taken too long; called on any thread. */
  void endIfSlow(long now, Duration patience) {
    Context own = loop;
    if (own != null && now - began > patience.toNanos()) {
      own.runOnContext(nothing -> judge(now, patience));
    }
  }

  private void judge(long now, Duration patience) {
    Body body = collected;
    double seconds = (now - began) / 1e9;
    if (body != null && body.length() < seconds * SlowBodies.MIN_BYTES_PER_SECOND) {
      if (!HangUp.streams(request)) {
        request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
      }
      refuse(new RequestFailure.SlowBody(patience));
      var _ = context.vertx().setTimer(LINGER_MILLIS, timer -> HangUp.on(request));
    }
  }

  private void refuse(RequestFailure failure) {
    drop();
    whenRefused.accept(failure);
  }

  private void drop() {
    forget();
    Body body = collected;
    if (body != null) {
      collected = null;
      body.release();
    }
  }

  private void forget() {
    if (watched && slow != null) {
      slow.forget(this);
    }
  }

  private void end() {
    forget();
    Body body = collected;
    if (body != null) {
      collected = null;
      whenComplete.accept(body);
    }
  }
}
