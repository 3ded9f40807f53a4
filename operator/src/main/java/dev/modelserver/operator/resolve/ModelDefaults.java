package dev.modelserver.operator.resolve;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.modelserver.operator.api.v1alpha1.Resources;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Toleration;
import java.math.BigDecimal;
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
 */
public record ModelDefaults(
    Optional<Resources> resources,
    List<String> imagePullSecrets,
    Map<String, String> nodeSelector,
    List<Toleration> tolerations,
    Optional<String> priorityClassName) {
  /** Nothing but what is built in. */
  public static final ModelDefaults NONE =
      new ModelDefaults(Optional.empty(), List.of(), Map.of(), List.of(), Optional.empty());

  private static final String VARIABLE = "MODELSERVER_MODEL_DEFAULTS";
  private static final int MOST = 64;
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
      @Nullable String priorityClassName) {}

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
    return new ModelDefaults(resources(written.resources()), secrets, nodes, tolerations, priority);
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
