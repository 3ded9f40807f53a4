package dev.modelserver.server.fetch;

import dev.modelserver.server.config.ModelLocation;
import dev.modelserver.server.verdict.PreflightException;
import dev.modelserver.server.verdict.Reason;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Where preflight takes the model from. */
sealed interface ModelSource {

  /** What an OCI reference begins with. */
  String OCI = "oci://";

  /** Organisation and name of a repository; a path; a revision, which may have slashes. */
  Pattern HUB = Pattern.compile("[hH][fF]://([\\w.-]+/[\\w.-]+)/([^@?#]+)@([\\w./-]+)");

  /** Segments that lead elsewhere, written plainly or not. */
  Pattern DOTS = Pattern.compile("([.]|%2[eE]){1,2}");

  /** A file that is mounted, or in the image. */
  record Local(Path file, Place place) implements ModelSource {}

  /** Bucket and key of an object. */
  Pattern S3 = Pattern.compile("s3://([a-z0-9][-.a-z0-9]{1,61}[a-z0-9])/(.+)", Pattern.DOTALL);

  /** In bytes, of an object's key. */
  int LONGEST_KEY = 1024;

  /** A file behind http or https. */
  record Remote(URI uri) implements ModelSource {}

  /** An artifact or image in an OCI registry. */
  record OciArtifact(OciReference reference) implements ModelSource {}

  /**
   * An object in a store with the interface of S3.
   *
   * @param key as the store has it: nothing in it is percent-encoded
   */
  record S3Object(String bucket, String key) implements ModelSource {

    /** The object as the spec names it. */
    String shown() {
      return Urls.shown("s3://%s/%s".formatted(bucket, key));
    }
  }

  /**
   * A file of a repository of a Hugging Face hub.
   *
   * @param repository organisation and name, with a slash between
   * @param path of the file, percent-encoded as in a URI
   * @param revision a commit, a tag or a branch
   */
  record HubFile(String repository, String path, String revision) implements ModelSource {}

  /**
   * Finds the file.
   *
   * @param mount where the ConfigMap or the claim is mounted
   */
  static ModelSource of(ModelLocation location, Path mount) throws PreflightException {
    return switch (location) {
      case ModelLocation.ConfigMapKey map ->
          mounted(map.key(), mount, new Place.ConfigMap(map.name(), mount));
      case ModelLocation.ClaimFile claim ->
          mounted(claim.path(), mount, new Place.Claim(claim.claimName(), mount));
      case ModelLocation.Uri uri -> of(uri.text());
    };
  }

  private static ModelSource of(String text) throws PreflightException {
    if (text.startsWith("s3://")) {
      return s3(text);
    }
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException e) {
      throw invalid(text, "is not a URI");
    }
    return switch (uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT)) {
      case "file" -> new Local(path(text, uri), new Place.Image());
      case "http", "https" -> {
        if (uri.getHost() == null || uri.getRawUserInfo() != null) {
          throw invalid(text, "names no host, or carries a password");
        }
        if (uri.getPath().chars().anyMatch(Character::isISOControl)) {
          throw invalid(text, "has a control character in its path");
        }
        yield new Remote(uri);
      }
      case "hf" -> hub(text);
      case "oci" ->
          new OciArtifact(
              Optional.of(text)
                  .filter(whole -> whole.regionMatches(true, 0, OCI, 0, OCI.length()))
                  .flatMap(whole -> OciReference.parse(whole.substring(OCI.length())))
                  .orElseThrow(
                      () ->
                          invalid(
                              text,
                              "is not of the form oci://HOST[:PORT]/REPOSITORY:TAG or oci://HOST[:PORT]/REPOSITORY@sha256:DIGEST")));
      default ->
          throw invalid(
              text,
              "has an unknown scheme; use file://, http://, https://, s3://, hf:// or oci://");
    };
  }

  /** A key is no path of a URI: it may have blanks, and a percent sign is one. */
  private static S3Object s3(String text) throws PreflightException {
    Matcher matcher = S3.matcher(text);
    if (!matcher.matches() || text.chars().anyMatch(Character::isISOControl)) {
      throw invalid(text, "is not of the form s3://BUCKET/KEY");
    }
    String key = matcher.group(2);
    if (key.endsWith("/")) {
      throw invalid(text, "names a folder; name the object of the ONNX file");
    }
    if (key.getBytes(StandardCharsets.UTF_8).length > LONGEST_KEY) {
      throw invalid(text, "has a key of more than %d bytes".formatted(LONGEST_KEY));
    }
    if (Stream.of(key.split("/", -1)).anyMatch(part -> part.equals(".") || part.equals(".."))) {
      throw invalid(text, "has a segment of dots");
    }
    return new S3Object(matcher.group(1), key);
  }

  private static HubFile hub(String text) throws PreflightException {
    Matcher matcher = HUB.matcher(text);
    if (!matcher.matches()) {
      throw invalid(
          text,
          text.contains("@")
              ? "is not of the form hf://ORG/REPO/PATH@REVISION"
              : "names no revision; write hf://ORG/REPO/PATH@REVISION with a commit, a tag or a branch");
    }
    String path = matcher.group(2);
    if (Stream.of((matcher.group(1) + "/" + path).split("/", -1))
        .anyMatch(part -> part.isEmpty() || DOTS.matcher(part).matches())) {
      throw invalid(text, "has an empty segment, or one of dots");
    }
    return new HubFile(matcher.group(1), path, matcher.group(3));
  }

  private static ModelSource mounted(String name, Path mount, Place place)
      throws PreflightException {
    Path root = mount.normalize();
    Path file;
    try {
      file = mount.resolve(name).normalize();
    } catch (InvalidPathException e) {
      file = root;
    }
    if (!file.startsWith(root) || file.equals(root)) {
      throw new PreflightException(
          Reason.InvalidConfiguration,
          "\"%s\" names no file below %s; correct %s"
              .formatted(Urls.shown(name), place.shown(), place.field()));
    }
    return new Local(file, place);
  }

  private static Path path(String text, URI uri) throws PreflightException {
    try {
      return Path.of(uri.getPath() == null ? "" : uri.getPath());
    } catch (InvalidPathException e) {
      throw invalid(text, "is not a path");
    }
  }

  private static PreflightException invalid(String uri, String problem) {
    return new PreflightException(
        Reason.InvalidConfiguration,
        "model.uri \"" + Urls.shown(uri) + "\" " + problem + "; correct spec.model.uri");
  }
}
