package dev.modelserver.server.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the model's source is reached. All may be null: nothing special.
 *
 * @param s3 where the bucket of an {@code s3://} URI is
 * @param credentialsSecret name of the Secret with the credentials, for messages
 * @param trust certificates of authorities beside the public ones
 * @param proxy the proxy of https requests
 */
public record SourceConfig(
    @Nullable S3 s3,
    @Nullable String credentialsSecret,
    @Nullable Trust trust,
    @Nullable Proxy proxy) {

  /** Nothing special. */
  public static final SourceConfig NONE = new SourceConfig(null, null, null, null);

  /**
   * A store with the interface of S3.
   *
   * @param endpoint its URL; null: that of AWS
   * @param region null: what the SDK finds, else us-east-1
   * @param pathStyle whether the bucket is in the path, and not in the host's name
   */
  public record S3(@Nullable String endpoint, @Nullable String region, boolean pathStyle) {}

  /**
   * A mounted ConfigMap with certificates.
   *
   * @param configMap its name, for messages
   * @param key the file with one or more certificates as PEM
   */
  public record Trust(String configMap, String key) {}

  /**
   * A forward proxy.
   *
   * @param https its URL
   * @param noProxy hosts, domains and networks that are reached without it
   */
  public record Proxy(String https, List<String> noProxy) {}

  /** Reads the part of the model. */
  static SourceConfig read(ConfigNode model) throws ConfigurationException {
    ConfigNode s3 = model.object("s3");
    ConfigNode credentials = model.object("credentials");
    ConfigNode trust = model.object("trust");
    ConfigNode proxy = model.object("proxy");
    return new SourceConfig(
        s3.node().isObject() ? s3(s3) : null,
        credentials.node().isObject() ? credentials.required("secretName") : null,
        trust.node().isObject()
            ? new Trust(trust.required("configMap"), trust.required("key"))
            : null,
        proxy.node().isObject()
            ? new Proxy(proxy.required("https"), List.copyOf(proxy.texts("noProxy")))
            : null);
  }

  private static S3 s3(ConfigNode node) throws ConfigurationException {
    String style = node.text("addressingStyle");
    if (style != null && !style.equals("Path") && !style.equals("VirtualHosted")) {
      throw new ConfigurationException(
          "model.s3.addressingStyle is \"%s\"; it takes Path or VirtualHosted".formatted(style));
    }
    return new S3(node.text("endpoint"), node.text("region"), "Path".equals(style));
  }
}
