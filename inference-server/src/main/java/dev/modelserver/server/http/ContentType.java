package dev.modelserver.server.http;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads {@code Content-Type}. */
public final class ContentType {

  /** A form, which may have a file in it. */
  public static final String FORM = "multipart/form-data";

  private static final String JSON = "application/json";

  private ContentType() {}

  /** Whether a body may be read as JSON: it says so, or says nothing. */
  public static boolean isJson(@Nullable String header) {
    return header == null || header.equals(JSON) || mediaType(header).equals(JSON);
  }

  /**
   * Whether a body may be JSON although its header says something else: what {@code curl -d} and
   * browsers send for a text unless told.
   */
  public static boolean mayBeJson(String header) {
    String type = mediaType(header);
    return type.equals("application/x-www-form-urlencoded") || type.equals("text/plain");
  }

  /** Whether a body may be an image: alone, of whatever kind, or in a form. */
  public static boolean mayBeImage(String header) {
    String type = mediaType(header);
    return type.equals(FORM) || type.startsWith("image/");
  }

  /** The media type in lower case, without parameters. */
  public static String mediaType(String header) {
    return header.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
  }
}
