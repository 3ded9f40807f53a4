package dev.modelserver.server.http;

import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** The id by which a caller and the log speak of the same request. */
public final class RequestId {

  /** The name of the header, and of gRPC's metadata in lower case. */
  public static final String NAME = "X-Request-Id";

  static final int MAX_LENGTH = 128;

  private RequestId() {}

  /** The id as it was sent; null when there is none that can be repeated as it is. */
  public static @Nullable String of(@Nullable String sent) {
    if (sent == null || sent.isEmpty() || sent.length() > MAX_LENGTH) {
      return null;
    }
    for (int i = 0; i < sent.length(); i++) {
      char c = sent.charAt(i);
      if (c <= ' ' || c > '~') {
        return null;
      }
    }
    return sent;
  }

  /** The id as it was sent, or a new one. */
  public static String orMade(@Nullable String sent) {
    String id = of(sent);
    return id != null ? id : HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
  }
}
