package dev.modelserver.operator.resolve;

import static java.util.Objects.requireNonNullElse;

import dev.modelserver.operator.api.v1alpha1.Endpoints;
import dev.modelserver.operator.api.v1alpha1.ImagePullPolicy;
import dev.modelserver.operator.api.v1alpha1.LogLevel;
import dev.modelserver.operator.api.v1alpha1.Model;
import dev.modelserver.operator.api.v1alpha1.ModelProxy;
import dev.modelserver.operator.api.v1alpha1.ModelServer;
import dev.modelserver.operator.api.v1alpha1.ModelServerSpec;
import dev.modelserver.operator.api.v1alpha1.ModelServerStatus;
import dev.modelserver.operator.api.v1alpha1.Server;
import dev.modelserver.operator.api.v1alpha1.Urls;
import dev.modelserver.operator.names.Annotations;
import io.fabric8.kubernetes.api.model.EnvVar;
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
  private static final Duration LONGEST_REQUEST = Duration.ofMinutes(30);

  private WorkloadResolver() {}

  static Workload resolve(ModelServer primary, ModelServerSpec spec, Resolver.Settings settings) {
    Server server = requireNonNullElse(spec.server(), Server.NOTHING);
    Duration timeout =
        Durations.parse(
            "spec.server.requestTimeout", requireNonNullElse(server.requestTimeout(), "30s"));
    if (timeout.isZero() || timeout.compareTo(LONGEST_REQUEST) > 0) {
      throw new IllegalArgumentException(
          "spec.server.requestTimeout \"%s\" must be between 1ms and 30m"
              .formatted(server.requestTimeout()));
    }
    PodResources resources =
        PodResources.of(
            spec.resources(),
            settings.modelDefaults().resources(),
            bytes(maxSize(spec.model().maxSize(), settings.maxModelSize())));
    resources.requireRoomFor(server.runtime());
    Placement pod = Placement.of(spec.pod(), settings.podLabelPrefixes(), settings.modelDefaults());
    requireAnotherAccount(primary.getMetadata().getName(), pod);
    String restart = Resolver.annotation(primary, Annotations.RESTART);
    String hash = SpecHash.of(spec, restart);
    List<EnvVar> environment = Variables.of(server.env());
    return new Workload(
        hash,
        model(primary, hash, spec.model(), environment, settings),
        requireNonNullElse(server.image(), settings.defaultImage()),
        requireNonNullElse(server.logLevel(), LogLevel.INFO),
        timeout,
        ServerPaths.prefix(server),
        settings.drainDelay(),
        Optional.ofNullable(server.runtime()),
        BatchingResolver.resolve(server.batching()),
        requireNonNullElse(server.endpoints(), Endpoints.ALL),
        environment,
        resources.requirements(),
        pod,
        VerificationResolver.resolve(spec.verification()),
        restart,
        Variables.from(server.envFrom()),
        Typed.as(
            requireNonNullElse(server.imagePullPolicy(), ImagePullPolicy.IF_NOT_PRESENT),
            String.class),
        resources.limited() ? Optional.empty() : Optional.of(resources.cpus()),
        Access.of(Resolver.owner(primary), server));
  }

  private static void requireAnotherAccount(String name, Placement pod) {
    if (pod.serviceAccountName().filter((name + "-server")::equals).isPresent()) {
      throw new IllegalArgumentException(
          "spec.pod.serviceAccountName \"%s-server\" is the account that the operator makes: remove the field, or name another account"
              .formatted(name));
    }
  }

  private static Workload.Model model(
      ModelServer primary,
      String hash,
      Model model,
      List<EnvVar> environment,
      Resolver.Settings settings) {
    ModelSource source =
        ModelSource.of(model, StoreAddresses.of(SourceOptions.store(model), environment));
    SourceOptions options = SourceOptions.of(model, source);
    boolean remote = source instanceof ModelSource.Uri(ModelUri.Remote _);
    if (source instanceof ModelSource.Uri(ModelUri.Remote from)
        && !settings.modelHosts().allow(from.origin())
        && !isRecorded(primary, hash)) {
      throw new IllegalArgumentException(
          "spec.model.uri \"%s\": host %s is not among the hosts this operator allows (%s)"
              .formatted(Urls.redacted(from.text()), from.origin().host(), settings.modelHosts()));
    }
    options.proxy().ifPresent(proxy -> requireAllowed(proxy, primary, hash, settings));
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
        source,
        Optional.ofNullable(model.sha256()),
        maxSize,
        remote ? settings.modelHosts().patterns() : List.of(),
        Optional.ofNullable(model.description()),
        remote ? options.withProxy(settings.modelDefaults().proxy()) : options,
        settings.modelDefaults().trust());
  }

  /**
   * A proxy answers for every host, so one that the operator does not allow would make the list of
   * hosts mean nothing. That of the chart is the operator's own.
   */
  private static void requireAllowed(
      ModelProxy proxy, ModelServer primary, String hash, Resolver.Settings settings) {
    Optional<Origin> origin = Origin.of(proxy.https());
    if (origin.isPresent()
        && !settings.modelHosts().allow(origin.get())
        && !isRecorded(primary, hash)) {
      throw new IllegalArgumentException(
          "spec.model.proxy.https \"%s\": host %s is not among the hosts this operator allows (%s)"
              .formatted(proxy.https(), origin.get().host(), settings.modelHosts()));
    }
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
}
