package dev.modelserver.operator.resolve;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.modelserver.operator.api.v1alpha1.ModelProxy;
import dev.modelserver.operator.api.v1alpha1.Resources;
import dev.modelserver.operator.api.v1alpha1.SourceForms;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Toleration;
import java.io.ByteArrayInputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the pods of a model get whose spec says nothing of it: the operator's configuration. Read
 * when a revision is rendered, so that another default changes no running pod.
 *
 * @param resources requests and limits
 * @param imagePullSecrets names of Secrets in the ModelServer's namespace
 * @param nodeSelector labels of nodes
 * @param tolerations taints that are tolerated
 * @param priorityClassName name of a PriorityClass
 * @param trust CA certificates (PEM) that every preflight trusts; not part of a revision
 * @param proxy the proxy of a source outside the cluster
 */
public record ModelDefaults(
    Optional<Resources> resources,
    List<String> imagePullSecrets,
    Map<String, String> nodeSelector,
    List<Toleration> tolerations,
    Optional<String> priorityClassName,
    Optional<String> trust,
    Optional<ModelProxy> proxy) {
  /** Nothing but what is built in. */
  public static final ModelDefaults NONE =
      new ModelDefaults(
          Optional.empty(),
          List.of(),
          Map.of(),
          List.of(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());

  private static final String VARIABLE = "MODELSERVER_MODEL_DEFAULTS";
  private static final int MOST = 64;

  /** Characters of PEM text: a variable of a container has at most 128 KiB. */
  private static final int LONGEST_TRUST = 64 << 10;

  private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?");
  private static final ObjectMapper STRICT =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  public ModelDefaults {
    imagePullSecrets = List.copyOf(imagePullSecrets);
    nodeSelector = Collections.unmodifiableMap(new TreeMap<>(nodeSelector));
    tolerations = List.copyOf(tolerations);
  }

  private record Secret(@Nullable String name) {}

  private record Amounts(
      @Nullable Map<String, Quantity> requests, @Nullable Map<String, Quantity> limits) {}

  private record Written(
      @Nullable Amounts resources,
      @Nullable List<Secret> imagePullSecrets,
      @Nullable Map<String, String> nodeSelector,
      @Nullable List<Toleration> tolerations,
      @Nullable String priorityClassName,
      @Nullable String trust,
      @Nullable Route proxy) {}

  private record Route(@Nullable String https, @Nullable List<String> noProxy) {}

  /**
   * Reads the chart's {@code modelDefaults}; throws IllegalArgumentException naming what is not
   * valid.
   *
   * @param json an object
   */
  public static ModelDefaults parse(String json) {
    Written written;
    try {
      written = STRICT.readValue(json, Written.class);
    } catch (JsonProcessingException e) {
      throw wrong("it is not what the operator reads (%s)".formatted(e.getOriginalMessage()));
    }
    List<String> secrets =
        orEmpty(written.imagePullSecrets()).stream()
            .map(secret -> Optional.ofNullable(secret.name()).orElse(""))
            .toList();
    Map<String, String> nodes = written.nodeSelector() == null ? Map.of() : written.nodeSelector();
    Optional<String> priority =
        Optional.ofNullable(written.priorityClassName()).filter(name -> !name.isEmpty());
    Stream.concat(secrets.stream(), priority.stream())
        .filter(name -> !NAME.matcher(name).matches())
        .findFirst()
        .ifPresent(
            name -> {
              throw wrong("\"%s\" is not the name of an object".formatted(name));
            });
    List<Toleration> tolerations = orEmpty(written.tolerations());
    if (Stream.of(secrets.size(), nodes.size(), tolerations.size()).anyMatch(n -> n > MOST)) {
      throw wrong("a list has more than %d entries".formatted(MOST));
    }
    return new ModelDefaults(
        resources(written.resources()),
        secrets,
        nodes,
        tolerations,
        priority,
        Optional.ofNullable(written.trust())
            .filter(text -> !text.isBlank())
            .map(ModelDefaults::certificates),
        proxy(written.proxy()));
  }

  private static String certificates(String pem) {
    if (pem.length() > LONGEST_TRUST) {
      throw wrong(
          "trust has %d characters, at most %d are read".formatted(pem.length(), LONGEST_TRUST));
    }
    try {
      byte[] text = pem.getBytes(StandardCharsets.UTF_8);
      if (!pem.contains("PRIVATE KEY")
          && !CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(text))
              .isEmpty()) {
        return pem;
      }
    } catch (CertificateException e) {
      // The sentence below says what is needed; what the text is, it must not say.
    }
    throw wrong("trust must be CA certificates in PEM form, and nothing else");
  }

  private static Optional<ModelProxy> proxy(@Nullable Route route) {
    List<String> exceptions = route == null ? List.of() : orEmpty(route.noProxy());
    String https = route == null || route.https() == null ? "" : route.https();
    if (https.isEmpty()) {
      return Optional.empty();
    }
    if (!SourceOptions.isProxy(https)) {
      throw wrong(
          "proxy.https must be %s, without a user or password".formatted(SourceForms.PROXY_FORM));
    }
    if (exceptions.size() > ModelProxy.MOST_EXCEPTIONS
        || !exceptions.stream().allMatch(SourceOptions::isException)) {
      throw wrong(
          "proxy.noProxy must be %s, at most %d"
              .formatted(SourceOptions.EXCEPTION_FORM, ModelProxy.MOST_EXCEPTIONS));
    }
    return Optional.of(new ModelProxy(https, exceptions.isEmpty() ? null : exceptions));
  }

  private static Optional<Resources> resources(@Nullable Amounts amounts) {
    if (amounts == null) {
      return Optional.empty();
    }
    Resources resources = new Resources(amounts.requests(), amounts.limits());
    for (Map<String, Quantity> some :
        Stream.of(resources.requests(), resources.limits())
            .flatMap(map -> Optional.ofNullable(map).stream())
            .toList()) {
      some.forEach(ModelDefaults::requireAmount);
    }
    try {
      PodResources.of(null, Optional.of(resources), BigDecimal.ZERO);
    } catch (IllegalArgumentException e) {
      throw wrong(String.valueOf(e.getMessage()));
    }
    return Optional.of(resources);
  }

  private static void requireAmount(String resource, Quantity amount) {
    try {
      if (amount.getNumericalAmount().signum() >= 0) {
        return;
      }
    } catch (IllegalArgumentException | ArithmeticException | NullPointerException e) {
      // The sentence below is the better one.
    }
    throw wrong(
        "the amount \"%s\" of %s in resources is not a quantity, for example 500m or 512Mi"
            .formatted(amount, resource));
  }

  private static <T> List<T> orEmpty(@Nullable List<T> list) {
    return list == null ? List.of() : list;
  }

  private static IllegalArgumentException wrong(String why) {
    return new IllegalArgumentException(
        "%s: %s: correct the chart's modelDefaults".formatted(VARIABLE, why));
  }
}
