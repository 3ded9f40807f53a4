package dev.modelserver.operator.resolve;

import dev.modelserver.operator.api.v1alpha1.SourceForms;
import dev.modelserver.operator.api.v1alpha1.Urls;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** A model outside the cluster's objects. */
public sealed interface ModelUri {
  /** Bytes in UTF-8 that the key of an S3 object may have. */
  int LONGEST_KEY = 1024;

  /** Names of Docker Hub that are not its server's. */
  Set<String> DOCKER_HUB = Set.of("docker.io", "index.docker.io");

  /** The server of Docker Hub. */
  String DOCKER_HUB_SERVER = "registry-1.docker.io";

  /** The URI as the user wrote it: only for the server's configuration, for it may be secret. */
  String text();

  /** A file in the server image. */
  record ImageFile(String text, String path) implements ModelUri {}

  /** What preflight fetches over the network. */
  sealed interface Remote extends ModelUri {
    /** Where it asks first. */
    Origin origin();
  }

  /** A file behind http or https. */
  record Download(String text, Origin origin) implements Remote {}

  /**
   * An object of an S3 store.
   *
   * @param origin the store's, without the bucket
   */
  record S3Object(String text, Origin origin) implements Remote {}

  /**
   * An artifact or image of a registry.
   *
   * @param origin the registry's; its token server may be another
   */
  record OciArtifact(String text, Origin origin) implements Remote {}

  /**
   * A file of Hugging Face or a mirror of it.
   *
   * @param origin the hub's; it redirects to others
   */
  record HubFile(String text, Origin origin) implements Remote {}

  /**
   * Parses a model URI.
   *
   * @param stores where those of s3:// and hf:// are
   * @throws IllegalArgumentException with a sentence that names the value and the remedy
   */
  static ModelUri parse(String text, StoreAddresses stores) {
    int colon = text.indexOf(':');
    return switch (text.substring(0, Math.max(colon, 0)).toLowerCase(Locale.ROOT)) {
      case "s3" -> s3(text, stores);
      case "oci" -> oci(text);
      case "hf" -> new HubFile(formed(text, SourceForms.HUB), stores.hub());
      default -> parse(text);
    };
  }

  private static ModelUri s3(String text, StoreAddresses stores) {
    formed(text, SourceForms.S3);
    String key = text.substring(text.indexOf('/', "s3://".length()) + 1);
    require(utf8Length(key) <= LONGEST_KEY, text, SourceForms.S3.words());
    return new S3Object(text, stores.s3());
  }

  private static ModelUri oci(String text) {
    formed(text, SourceForms.OCI);
    String rest = text.substring("oci://".length());
    String registry = rest.substring(0, rest.indexOf('/')).toLowerCase(Locale.ROOT);
    Optional<Origin> origin =
        Origin.of("https://" + (DOCKER_HUB.contains(registry) ? DOCKER_HUB_SERVER : registry));
    require(origin.isPresent(), text, SourceForms.OCI.words());
    return new OciArtifact(text, origin.orElseThrow());
  }

  /** Without a conversion: a key has characters that no charset knows as well. */
  private static int utf8Length(String text) {
    return text.codePoints().map(c -> c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4).sum();
  }

  private static ModelUri parse(String text) {
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(
          "spec.model.uri \"%s\" is not a URI (%s)".formatted(Urls.redacted(text), e.getReason()));
    }
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    String authority = uri.getRawAuthority() == null ? "" : uri.getRawAuthority();
    String path = uri.getPath() == null ? "" : uri.getPath().replaceFirst("^/+", "");
    return switch (scheme) {
      case "http", "https" -> download(text, uri, authority);
      case "configmap" -> throw moved(text, "spec.model.configMap {name, key}");
      case "pvc" -> throw moved(text, "spec.model.persistentVolumeClaim {claimName, path}");
      case "file" -> {
        require(
            authority.isEmpty() && ModelSource.plain(path),
            text,
            "file:///PATH without . or .. segments");
        yield new ImageFile(text, "/" + path);
      }
      default ->
          throw new IllegalArgumentException(
              "spec.model.uri \"%s\" has an unknown scheme: use https, http, s3, oci, hf or file"
                  .formatted(Urls.redacted(text)));
    };
  }

  private static ModelUri download(String text, URI uri, String authority) {
    require(uri.getRawUserInfo() == null, text, "no user or password: they would be readable");
    require(uri.getHost() != null && !authority.isEmpty(), text, "https://HOST/PATH");
    return new Download(text, Origin.of(uri));
  }

  private static IllegalArgumentException moved(String text, String field) {
    return new IllegalArgumentException(
        "spec.model.uri \"%s\" is not supported: use %s".formatted(Urls.redacted(text), field));
  }

  private static String formed(String text, SourceForms.Form form) {
    require(form.matches(text), text, form.words());
    return text;
  }

  private static void require(boolean condition, String text, String form) {
    if (!condition) {
      throw new IllegalArgumentException(
          "spec.model.uri \"%s\" must have the form %s".formatted(Urls.redacted(text), form));
    }
  }
}
