package dev.modelserver.operator.resolve;

import dev.modelserver.operator.api.v1alpha1.S3Store;
import dev.modelserver.operator.api.v1alpha1.SourceForms;
import dev.modelserver.operator.api.v1alpha1.Urls;
import io.fabric8.kubernetes.api.model.EnvVar;
import java.util.List;
import java.util.Optional;

/**
 * Where the stores of s3:// and hf:// URIs are: what stands beside the URI in the spec.
 *
 * @param endpoint of the S3 store; empty: Amazon's
 * @param region of Amazon's; empty: as the environment says
 * @param environment variables of preflight
 */
public record StoreAddresses(
    Optional<String> endpoint, Optional<String> region, List<EnvVar> environment) {
  /** Variable with the address of a mirror of Hugging Face. */
  static final String HUB = "HF_ENDPOINT";

  private static final String HUB_FORM = "https://HOST, https://HOST:PORT or https://HOST/PATH";
  private static final String DEFAULT_REGION = "us-east-1";

  /** The hub of everybody. */
  public static final Origin PUBLIC_HUB = new Origin("huggingface.co", 443, false);

  /** Nothing is said: the stores of everybody. */
  public static final StoreAddresses PUBLIC =
      new StoreAddresses(Optional.empty(), Optional.empty(), List.of());

  static StoreAddresses of(Optional<S3Store> store, List<EnvVar> environment) {
    return new StoreAddresses(
        store.map(S3Store::endpoint), store.map(S3Store::region), environment);
  }

  /**
   * The S3 store, without the bucket that may stand before its host.
   *
   * @throws IllegalArgumentException with a sentence that names the field, the value and the remedy
   */
  Origin s3() {
    String name = region.or(() -> value("AWS_REGION")).orElse(DEFAULT_REGION);
    if (!name.matches(S3Store.REGION)) {
      throw invalid(
          region.isPresent() ? "spec.model.s3.region" : "spec.server.env AWS_REGION",
          name,
          "the name of a region in lower case, for example eu-central-1");
    }
    if (endpoint.isPresent()) {
      return endpoint
          .filter(url -> url.length() <= S3Store.LONGEST_ENDPOINT)
          .filter(url -> url.matches(SourceForms.ENDPOINT))
          .flatMap(Origin::of)
          .orElseThrow(
              () -> invalid("spec.model.s3.endpoint", endpoint.get(), SourceForms.ENDPOINT_FORM));
    }
    String domain = name.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com";
    return new Origin("s3.%s.%s".formatted(name, domain), 443, false);
  }

  /**
   * The hub.
   *
   * @throws IllegalArgumentException with a sentence that names the field, the value and the remedy
   */
  Origin hub() {
    if (environment.stream().anyMatch(v -> v.getName().equals(HUB) && v.getValueFrom() != null)) {
      throw new IllegalArgumentException(
          "spec.server.env %s must have a value beside an hf:// URI, not valueFrom: the operator checks its host. Give %s"
              .formatted(HUB, HUB_FORM));
    }
    Optional<String> said = value(HUB);
    if (said.isEmpty()) {
      return PUBLIC_HUB;
    }
    String url = said.get();
    return said.filter(text -> text.matches("https?://[^@?#]*"))
        .flatMap(Origin::of)
        .orElseThrow(() -> invalid("spec.server.env " + HUB, url, HUB_FORM));
  }

  private Optional<String> value(String variable) {
    return environment.stream()
        .filter(each -> each.getName().equals(variable))
        .flatMap(each -> Optional.ofNullable(each.getValue()).stream())
        .filter(value -> !value.isBlank())
        .findFirst();
  }

  private static IllegalArgumentException invalid(String field, String value, String form) {
    return new IllegalArgumentException(
        "%s \"%s\" must be %s".formatted(field, Urls.redacted(value), form));
  }
}
