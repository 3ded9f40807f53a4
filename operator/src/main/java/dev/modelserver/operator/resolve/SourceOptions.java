package dev.modelserver.operator.resolve;

import static java.util.Objects.requireNonNullElse;

import dev.modelserver.operator.api.v1alpha1.ClaimFile;
import dev.modelserver.operator.api.v1alpha1.KubernetesNames;
import dev.modelserver.operator.api.v1alpha1.Model;
import dev.modelserver.operator.api.v1alpha1.ModelCredentials;
import dev.modelserver.operator.api.v1alpha1.ModelProxy;
import dev.modelserver.operator.api.v1alpha1.ModelTrust;
import dev.modelserver.operator.api.v1alpha1.S3Store;
import dev.modelserver.operator.api.v1alpha1.SourceForms;
import dev.modelserver.operator.api.v1alpha1.Urls;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How preflight reaches a source outside the cluster's objects.
 *
 * @param file path of the model, where the source has several files
 * @param s3 where the S3 store is
 * @param credentials name of the Secret with the credentials
 * @param trust CA certificates besides those of the image
 * @param proxy a forward proxy
 */
public record SourceOptions(
    Optional<String> file,
    Optional<S3Store> s3,
    Optional<String> credentials,
    Optional<Trust> trust,
    Optional<ModelProxy> proxy) {
  /** Nothing is said. */
  public static final SourceOptions NONE =
      new SourceOptions(
          Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  /** What is reached without a proxy. */
  static final String EXCEPTION_FORM =
      "a host, *.DOMAIN, an address, a range such as 10.0.0.0/8, or *";

  /** A key of a ConfigMap in the ModelServer's namespace. */
  public record Trust(String configMap, String key) {}

  /**
   * Of a model.
   *
   * @param source the model's
   * @throws IllegalArgumentException with a sentence that names the field, the value and the remedy
   */
  static SourceOptions of(Model model, ModelSource source) {
    SourceOptions options =
        new SourceOptions(
            Optional.ofNullable(model.file()).map(SourceOptions::path),
            store(model),
            Optional.ofNullable(model.credentials()).map(SourceOptions::secret),
            Optional.ofNullable(model.trust()).map(SourceOptions::trust),
            Optional.ofNullable(model.proxy()).map(SourceOptions::proxy));
    if (model.s3() != null && !(uri(source) instanceof ModelUri.S3Object)) {
      throw new IllegalArgumentException(SourceForms.S3_ALONE);
    }
    if (uri(source) instanceof ModelUri.Remote remote) {
      options.requireEncryption(remote);
    } else {
      options
          .firstForRemote()
          .ifPresent(
              field -> {
                throw new IllegalArgumentException(SourceForms.needsRemote(field));
              });
    }
    return options;
  }

  /** Whether a text is the address of a proxy. */
  static boolean isProxy(String url) {
    return url.length() <= ModelProxy.LONGEST_ADDRESS
        && url.matches(SourceForms.PROXY)
        && Origin.of(url).isPresent();
  }

  /** Whether a text names what is reached without a proxy. */
  static boolean isException(String text) {
    return text.length() <= KubernetesNames.LONGEST && text.matches(ModelProxy.EXCEPTION);
  }

  /** The same with another proxy, where none is named. */
  SourceOptions withProxy(Optional<ModelProxy> other) {
    return new SourceOptions(file, s3, credentials, trust, proxy.or(() -> other));
  }

  /** The store, if it says anything: `s3: {}` has the hash of a spec without it. */
  static Optional<S3Store> store(Model model) {
    return Optional.ofNullable(model.s3())
        .filter(s3 -> s3.endpoint() != null || s3.region() != null || s3.addressingStyle() != null);
  }

  private static @Nullable ModelUri uri(ModelSource source) {
    return source instanceof ModelSource.Uri(ModelUri uri) ? uri : null;
  }

  private Optional<String> firstForRemote() {
    if (file.isPresent()) {
      return Optional.of("file");
    }
    if (credentials.isPresent()) {
      return Optional.of("credentials");
    }
    if (trust.isPresent()) {
      return Optional.of("trust");
    }
    return proxy.map(_ -> "proxy");
  }

  private void requireEncryption(ModelUri.Remote remote) {
    if (credentials.isEmpty() || !remote.origin().plain()) {
      return;
    }
    String where =
        switch (remote) {
          case ModelUri.S3Object _ ->
              "spec.model.s3.endpoint \"%s\"".formatted(s3.map(S3Store::endpoint).orElse(""));
          case ModelUri.HubFile _ ->
              "spec.server.env %s \"http://%s\""
                  .formatted(StoreAddresses.HUB, remote.origin().host());
          case ModelUri.Download _, ModelUri.OciArtifact _ ->
              "spec.model.uri \"%s\"".formatted(Urls.redacted(remote.text()));
        };
    throw new IllegalArgumentException("%s: %s".formatted(where, SourceForms.PLAIN));
  }

  private static String path(String file) {
    if (file.length() > ClaimFile.LONGEST_PATH || !ModelSource.plain(file)) {
      throw Named.invalid("spec.model.file", file, "a relative path without . or .. segments");
    }
    return file;
  }

  private static String secret(ModelCredentials credentials) {
    return Named.object(
        credentials.secretName(), "spec.model.credentials.secretName", "the name of a Secret");
  }

  private static Trust trust(ModelTrust trust) {
    String field = "spec.model.trust.configMap";
    if (trust.configMap() == null) {
      throw Named.invalid(field, null, "name and key");
    }
    return new Trust(
        Named.object(trust.configMap().name(), field + ".name", "the name of a ConfigMap"),
        Named.key(trust.configMap().key(), field + ".key"));
  }

  private static ModelProxy proxy(ModelProxy proxy) {
    String field = "spec.model.proxy.https";
    String url = proxy.https();
    if (url != null && url.contains("@")) {
      throw new IllegalArgumentException(SourceForms.PROXY_USER);
    }
    if (url == null || !isProxy(url)) {
      throw Named.invalid(field, url == null ? null : Urls.redacted(url), SourceForms.PROXY_FORM);
    }
    List<String> exceptions = requireNonNullElse(proxy.noProxy(), List.of());
    for (String exception : exceptions) {
      if (!isException(exception)) {
        throw Named.invalid("spec.model.proxy.noProxy", exception, EXCEPTION_FORM);
      }
    }
    return new ModelProxy(url, exceptions.isEmpty() ? null : exceptions);
  }
}
