package dev.modelserver.server.http;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads {@code Content-Type}. */
public final class ContentType {

  private static final String JSON = "application/json";

  private ContentType() {}

  /** Whether a body may be read as JSON: it says so, or says nothing. */
  public static boolean isJson(@Nullable String header) {
    return header == null || header.equals(JSON) || mediaType(header).equals(JSON);
  }

  /** The media type in lower case, without parameters. */
  public static String mediaType(String header) {
    return header.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
  }
}
