package dev.modelserver.server.failure;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Every way in which a request is wrong before a model sees it. The messages are for the caller.
 */
public sealed interface RequestFailure {

  String message();

  /** The content of the request is wrong. */
  record Malformed(String message) implements RequestFailure {}

  /**
   * The request has no valid token.
   *
   * @param sent whether it has one at all
   */
  record Unauthenticated(boolean sent) implements RequestFailure {
    @Override
    public String message() {
      return (sent ? "the token is not valid here" : "the request has no token")
          + "; send \"Authorization: Bearer TOKEN\", or Basic with the client's name and its token";
    }
  }

  /** No such path. */
  record UnknownPath() implements RequestFailure {
    @Override
    public String message() {
      return "there is no such path; GET / lists what there is";
    }
  }

  /** The path exists, not for this method. */
  record WrongMethod(String method, String allowed) implements RequestFailure {
    @Override
    public String message() {
      return "the method is " + Excerpt.of(method) + "; this path takes " + allowed;
    }
  }

  /** The requests under way already use all the memory reserved for requests. */
  record NoMemory() implements RequestFailure {
    @Override
    public String message() {
      return "the server is overloaded: the requests under way use all the memory reserved for requests; try again in a second, or send fewer rows per request";
    }
  }

  /** A body of another kind. */
  record WrongContentType(@Nullable String contentType, String taken) implements RequestFailure {
    @Override
    public String message() {
      return (contentType == null
              ? "Content-Type is missing"
              : "Content-Type is \"" + Excerpt.of(contentType) + "\"")
          + "; this path takes "
          + taken;
    }
  }

  /** A content coding that the server does not know. */
  record WrongContentEncoding(String coding) implements RequestFailure {
    @Override
    public String message() {
      return "Content-Encoding is \""
          + Excerpt.of(coding)
          + "\"; send gzip, deflate, or no Content-Encoding";
    }
  }

  /** A model, or a version of it, that is not served here. The message names both. */
  record UnknownModel(String message) implements RequestFailure {}

  /** A body that was not all there in time. */
  record SlowBody(Duration limit) implements RequestFailure {
    @Override
    public String message() {
      return "the body did not arrive within "
          + limit.toMillis()
          + " ms; send it faster, or fewer rows per request";
    }
  }

  /**
   * A body above the limit, announced or sent.
   *
   * @param limit in bytes
   * @param size as announced, in bytes; negative where it is unknown
   */
  record BodyTooLarge(BodyContent content, long limit, long size) implements RequestFailure {

    /** The limit grows with the memory of the server, up to this many bytes. */
    public static final int HIGHEST_LIMIT = 64 << 20;

    @Override
    public String message() {
      return (size < 0
              ? "the body has more than %d bytes, the limit; ".formatted(limit)
              : "the body has %d bytes, more than the limit of %d; ".formatted(size, limit))
          + content.remedy()
          + (Math.max(limit + 1, size) > HIGHEST_LIMIT
                  ? "; the limit cannot be raised above %d bytes"
                  : ", or raise spec.resources.limits.memory: the limit is about a fortieth of it, at most %d bytes")
              .formatted(HIGHEST_LIMIT);
    }
  }

  /** What a body holds, as far as its headers tell: each can be made smaller in its own way. */
  enum BodyContent {
    JSON(
        "send fewer rows per request, or numbers as binary data over the Open Inference Protocol (/v2)"),
    BINARY("send fewer rows per request"),
    IMAGE("send a smaller image");

    private final String remedy;

    BodyContent(String remedy) {
      this.remedy = remedy;
    }

    String remedy() {
      return remedy;
    }
  }
}
