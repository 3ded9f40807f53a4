package dev.modelserver.operator.resolve;

import dev.modelserver.operator.api.v1alpha1.Resources;
import dev.modelserver.operator.api.v1alpha1.ServerRuntime;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Requests and limits of both containers, and the CPUs that threads are counted by. What a spec
 * leaves out is filled in such that a pod can neither take a node's memory nor start a thread for
 * each of its cores.
 *
 * @param cpus the CPU limit, else the CPU request, rounded up
 * @param limited whether there is a CPU limit, which a JVM reads by itself
 * @param source where the CPUs stand: for people
 */
record PodResources(ResourceRequirements requirements, int cpus, boolean limited, String source) {
  private static final String CPU = "cpu";
  private static final String MEMORY = "memory";
  private static final String DISK = "ephemeral-storage";
  private static final BigDecimal MOST_CPUS = BigDecimal.valueOf(1024);
  private static final Resources UNSET =
      new Resources(
          new TreeMap<>(Map.of(CPU, new Quantity("250m"), MEMORY, new Quantity("256Mi"))),
          new TreeMap<>(Map.of(CPU, new Quantity("1"), MEMORY, new Quantity("512Mi"))));

  /**
   * Fills in what is left out; throws IllegalArgumentException naming an amount that is not valid.
   *
   * @param wanted the spec's
   * @param defaults the operator's, for a spec that names none
   * @param modelBytes the largest model
   */
  static PodResources of(
      @Nullable Resources wanted, Optional<Resources> defaults, BigDecimal modelBytes) {
    Optional<Resources> own = Optional.ofNullable(wanted).filter(r -> !isEmpty(r));
    Resources chosen = own.or(() -> defaults.filter(r -> !isEmpty(r))).orElse(UNSET);
    Map<String, Quantity> requests = copy(chosen.requests());
    Map<String, Quantity> limits = copy(chosen.limits());
    String field = own.isPresent() ? "spec.resources" : "the operator's default resources";
    boolean limited = limits.containsKey(CPU);
    if (!limited) {
      requests.putIfAbsent(CPU, new Quantity("250m"));
    }
    if (!limits.containsKey(MEMORY)) {
      Quantity request = requests.putIfAbsent(MEMORY, new Quantity("256Mi"));
      limits.put(MEMORY, request == null ? new Quantity("512Mi") : request);
    }
    if (Stream.of(requests, limits).noneMatch(amounts -> amounts.containsKey(DISK))) {
      requests.put(DISK, new Quantity("300Mi"));
      limits.put(DISK, diskLimit(modelBytes));
    }
    Quantity cpu = Objects.requireNonNull((limited ? limits : requests).get(CPU));
    String name = "%s.%s.cpu".formatted(field, limited ? "limits" : "requests");
    return new PodResources(
        new ResourceRequirementsBuilder().withRequests(requests).withLimits(limits).build(),
        roundedUp(name, cpu),
        limited,
        "%s \"%s\"".formatted(name, cpu));
  }

  /** Refuses more threads than there are CPUs. */
  void requireRoomFor(@Nullable ServerRuntime runtime) {
    if (runtime == null) {
      return;
    }
    int instances = Optional.ofNullable(runtime.instances()).orElse(1);
    int threads = Optional.ofNullable(runtime.intraOpThreads()).orElse(1);
    if ((long) instances * threads > cpus) {
      throw new IllegalArgumentException(
          "spec.server.runtime: instances %d x intraOpThreads %d is more than %d, the CPUs of the pod by %s, rounded up: lower them, or raise spec.resources.limits.cpu"
              .formatted(instances, threads, cpus, source));
    }
  }

  private static boolean isEmpty(Resources resources) {
    return copy(resources.requests()).isEmpty() && copy(resources.limits()).isEmpty();
  }

  private static Map<String, Quantity> copy(@Nullable Map<String, Quantity> amounts) {
    Map<String, Quantity> copy = new LinkedHashMap<>(amounts == null ? Map.of() : amounts);
    copy.values().removeIf(Objects::isNull);
    return copy;
  }

  private static int roundedUp(String field, Quantity cpu) {
    BigDecimal amount;
    try {
      amount = cpu.getNumericalAmount();
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new IllegalArgumentException(
          "%s \"%s\" is not a quantity, for example 500m".formatted(field, cpu), e);
    }
    if (amount.signum() < 0) {
      throw new IllegalArgumentException(
          "%s \"%s\" must not be negative, for example 500m".formatted(field, cpu));
    }
    return amount.min(MOST_CPUS).max(BigDecimal.ONE).setScale(0, RoundingMode.CEILING).intValue();
  }

  /** The model, /tmp and the log. */
  private static Quantity diskLimit(BigDecimal modelBytes) {
    BigInteger bytes = modelBytes.toBigInteger().add(BigInteger.valueOf(300L << 20));
    return new Quantity(bytes.toString());
  }
}
