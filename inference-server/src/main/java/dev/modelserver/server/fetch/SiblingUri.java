package dev.modelserver.server.fetch;

import dev.modelserver.server.verdict.PreflightException;
import dev.modelserver.server.verdict.Reason;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The URL of a file beside the model's. */
final class SiblingUri {

  private static final String UNRESERVED = "-._~";

  private SiblingUri() {}

  /**
   * Of external data in the folder of the model's URL, or below it.
   *
   * @param location as the model names it; what leaves the folder is refused
   */
  static URI of(URI model, String location) throws PreflightException {
    Path relative = ExternalData.relative(location);
    if (location.contains("\\")) {
      throw ExternalData.outside(location, "has a backslash, which some servers take for a slash");
    }
    if (model.getRawQuery() != null) {
      throw new PreflightException(
          Reason.InvalidModel,
          "the model needs the external data file \"%s\", but %s has a query: a signed URL holds for one file only; use spec.model.credentials instead of a signature, or export the model in one file"
              .formatted(relative, Urls.shown(model)));
    }
    StringBuilder uri =
        new StringBuilder("%s://%s".formatted(model.getScheme(), model.getRawAuthority()));
    String path = model.getRawPath();
    uri.append(path, 0, path.lastIndexOf('/') + 1);
    String separator = path.isEmpty() ? "/" : "";
    for (Path segment : relative) {
      uri.append(separator).append(encoded(segment.toString()));
      separator = "/";
    }
    return URI.create(uri.toString());
  }

  /**
   * A segment of a path with all but RFC 3986's unreserved characters as percent and two digits.
   */
  static String encoded(String segment) {
    StringBuilder encoded = new StringBuilder();
    for (byte each : segment.getBytes(StandardCharsets.UTF_8)) {
      char character = (char) (each & 0xff);
      boolean plain =
          (character >= '0' && character <= '9')
              || (character >= 'a' && character <= 'z')
              || (character >= 'A' && character <= 'Z')
              || UNRESERVED.indexOf(character) >= 0;
      encoded.append(plain ? String.valueOf(character) : "%%%02X".formatted((int) character));
    }
    return encoded.toString();
  }

  /** The failure of external data, with its name. */
  static PreflightException failed(String location, PreflightException e) {
    return switch (e.reason()) {
      case ModelNotFound, DownloadForbidden ->
          new PreflightException(
              e.reason(),
              "the model needs the external data file \"%s\", and %s; put the file beside the model, or export the model in one file"
                  .formatted(location, e.sentence()));
      default -> e;
    };
  }
}
