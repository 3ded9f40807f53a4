package dev.modelserver.operator.resolve;

import static java.util.Objects.requireNonNullElse;

import dev.modelserver.operator.api.v1alpha1.Endpoints;
import dev.modelserver.operator.api.v1alpha1.EnvironmentVariable;
import dev.modelserver.operator.api.v1alpha1.LogLevel;
import dev.modelserver.operator.api.v1alpha1.Model;
import dev.modelserver.operator.api.v1alpha1.ModelServer;
import dev.modelserver.operator.api.v1alpha1.ModelServerSpec;
import dev.modelserver.operator.api.v1alpha1.ModelServerStatus;
import dev.modelserver.operator.api.v1alpha1.Server;
import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The part of a spec that reaches the pod template. */
final class WorkloadResolver {
  private static final BigDecimal LARGEST_MODEL = BigDecimal.valueOf(1L << 50);
  private static final Quantity DEFAULT_MAX_SIZE = new Quantity("1Gi");

  /** What the operator sets, and what would have the linker or the JVM load somebody's code. */
  private static final List<String> RESERVED_PREFIXES =
      List.of("MODELSERVER_", "ORT_", "QUARKUS_", "JAVA_", "LD_");

  private static final List<String> RESERVED_NAMES =
      List.of("POD_NAME", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");
  private static final Duration LONGEST_REQUEST = Duration.ofMinutes(30);

  private WorkloadResolver() {}

  static Workload resolve(ModelServer primary, ModelServerSpec spec, Resolver.Settings settings) {
    Server server =
        spec.server() == null
            ? new Server(null, null, null, null, null, null, null)
            : spec.server();
    Duration timeout =
        Durations.parse(
            "spec.server.requestTimeout", requireNonNullElse(server.requestTimeout(), "30s"));
    if (timeout.isZero() || timeout.compareTo(LONGEST_REQUEST) > 0) {
      throw new IllegalArgumentException(
          "spec.server.requestTimeout \"%s\" must be between 1ms and 30m"
              .formatted(server.requestTimeout()));
    }
    List<EnvironmentVariable> env = requireNonNullElse(server.env(), List.of());
    env.forEach(WorkloadResolver::requireFreeName);
    PodResources resources =
        PodResources.of(
            spec.resources(),
            settings.modelDefaults().resources(),
            bytes(maxSize(spec.model().maxSize(), settings.maxModelSize())));
    resources.requireRoomFor(server.runtime());
    String restart = Resolver.annotation(primary, Resolver.RESTART);
    String hash = SpecHash.of(spec, restart);
    return new Workload(
        hash,
        model(primary, hash, spec.model(), settings),
        requireNonNullElse(server.image(), settings.defaultImage()),
        requireNonNullElse(server.logLevel(), LogLevel.INFO),
        timeout,
        settings.drainDelay(),
        Optional.ofNullable(server.runtime()),
        BatchingResolver.resolve(server.batching()),
        requireNonNullElse(server.endpoints(), Endpoints.ALL),
        env,
        resources.requirements(),
        Placement.of(spec.pod(), settings.podLabelPrefixes(), settings.modelDefaults()),
        VerificationResolver.resolve(spec.verification()),
        restart,
        resources.limited() ? Optional.empty() : Optional.of(resources.cpus()));
  }

  private static Workload.Model model(
      ModelServer primary, String hash, Model model, Resolver.Settings settings) {
    ModelUri uri = ModelUri.parse(model.uri());
    boolean download = uri instanceof ModelUri.Download;
    if (uri instanceof ModelUri.Download from
        && !settings.modelHosts().allow(from)
        && !isRecorded(primary, hash)) {
      throw new IllegalArgumentException(
          "spec.model.uri \"%s\": host %s is not among the hosts this operator allows (%s)"
              .formatted(model.uri(), from.host(), settings.modelHosts()));
    }
    Quantity maxSize = maxSize(model.maxSize(), settings.maxModelSize());
    BigDecimal bytes = bytes(maxSize);
    if (bytes.compareTo(BigDecimal.ONE) < 0 || bytes.compareTo(LARGEST_MODEL) > 0) {
      throw new IllegalArgumentException(
          "spec.model.maxSize \"%s\" must be between 1 byte and 1Pi, for example 1Gi"
              .formatted(maxSize));
    }
    return new Workload.Model(
        requireNonNullElse(model.name(), primary.getMetadata().getName()),
        Optional.ofNullable(model.version()),
        uri,
        Optional.ofNullable(model.sha256()),
        maxSize,
        download ? settings.modelHosts().patterns() : List.of(),
        Optional.ofNullable(model.description()));
  }

  /**
   * Whether the spec was rendered before: a list of hosts that was shortened since takes no model
   * away. Users cannot write what the status says.
   */
  private static boolean isRecorded(ModelServer primary, String hash) {
    ModelServerStatus status = primary.getStatus();
    return status != null
        && status.revisions() != null
        && status.revisions().stream().anyMatch(record -> record.name().endsWith("-" + hash));
  }

  private static Quantity maxSize(@Nullable Quantity wanted, Optional<Quantity> ceiling) {
    Quantity size = requireNonNullElse(wanted, DEFAULT_MAX_SIZE);
    boolean above = ceiling.isPresent() && bytes(size).compareTo(bytes(ceiling.get())) > 0;
    if (above && wanted != null) {
      throw new IllegalArgumentException(
          "spec.model.maxSize \"%s\" is above %s, the largest model that this operator allows"
              .formatted(wanted, ceiling.get()));
    }
    return above ? ceiling.get() : size;
  }

  private static BigDecimal bytes(Quantity quantity) {
    try {
      return Quantity.getAmountInBytes(quantity);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new IllegalArgumentException(
          "spec.model.maxSize \"%s\" is not a quantity, for example 500Mi".formatted(quantity), e);
    }
  }

  private static void requireFreeName(EnvironmentVariable variable) {
    String name = variable.name();
    if (RESERVED_NAMES.contains(name) || RESERVED_PREFIXES.stream().anyMatch(name::startsWith)) {
      throw new IllegalArgumentException(
          "spec.server.env \"%s\" is reserved: names must not begin with %s, nor be %s"
              .formatted(
                  name, String.join(", ", RESERVED_PREFIXES), String.join(", ", RESERVED_NAMES)));
    }
  }
}
