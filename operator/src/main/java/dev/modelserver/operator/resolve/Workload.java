package dev.modelserver.operator.resolve;

import dev.modelserver.operator.api.v1alpha1.Description;
import dev.modelserver.operator.api.v1alpha1.Endpoints;
import dev.modelserver.operator.api.v1alpha1.GoldenRequest;
import dev.modelserver.operator.api.v1alpha1.LogLevel;
import dev.modelserver.operator.api.v1alpha1.ServerRuntime;
import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a revision is rendered from: everything that reaches the pod template.
 *
 * @param hash identifies the user's own template-affecting fields: 10 characters of [0-9a-f]
 * @param model the model
 * @param image image of the inference server
 * @param logLevel log level of the server
 * @param requestTimeout longest time of one prediction
 * @param pathPrefix prefix of the paths of the HTTP port
 * @param drainDelay time a terminating pod goes on answering while endpoints notice
 * @param runtime how the model is run; what is empty is the server's to decide
 * @param batching how requests are merged; empty: as the server decides
 * @param endpoints what the data ports show
 * @param env the user's variables
 * @param resources requests and limits of both containers
 * @param pod placement and metadata
 * @param verification golden requests that its preflight asks
 * @param restartToken value of the annotation modelserver.dev/restart, empty if absent
 * @param envFrom Secrets and ConfigMaps whose keys are variables
 * @param imagePullPolicy when the image is pulled
 * @param processors CPUs that the JVM counts on; empty: those of its CPU limit
 * @param access TLS and tokens of the data ports
 */
public record Workload(
    String hash,
    Model model,
    String image,
    LogLevel logLevel,
    Duration requestTimeout,
    Optional<String> pathPrefix,
    Duration drainDelay,
    Optional<ServerRuntime> runtime,
    Optional<Batching> batching,
    Endpoints endpoints,
    List<EnvVar> env,
    ResourceRequirements resources,
    Placement pod,
    List<GoldenRequest> verification,
    String restartToken,
    List<EnvFromSource> envFrom,
    String imagePullPolicy,
    Optional<Integer> processors,
    Access access) {
  /** Of a spec that cannot be rendered. */
  static final Workload NONE =
      new Workload(
          "",
          new Model(
              "",
              Optional.empty(),
              new ModelSource.Uri(new ModelUri.ImageFile("", "")),
              Optional.empty(),
              new Quantity("0"),
              List.of(),
              Optional.empty(),
              SourceOptions.NONE,
              Optional.empty()),
          "",
          LogLevel.INFO,
          Duration.ZERO,
          Optional.empty(),
          Duration.ZERO,
          Optional.empty(),
          Optional.empty(),
          Endpoints.ALL,
          List.of(),
          new ResourceRequirements(),
          Placement.of(null, List.of(), ModelDefaults.NONE),
          List.of(),
          "",
          List.of(),
          "",
          Optional.empty(),
          Access.OPEN);

  /**
   * The model, with its size limit in bytes and as the user wrote it.
   *
   * @param allowedHosts patterns of {@link ModelHosts} as they are now; of a remote source alone
   * @param options how a remote source is reached
   * @param defaultTrust CA certificates (PEM) that the operator's configuration adds
   */
  public record Model(
      String name,
      Optional<String> version,
      ModelSource source,
      Optional<String> sha256,
      Quantity maxSize,
      List<String> allowedHosts,
      Optional<Description> description,
      SourceOptions options,
      Optional<String> defaultTrust) {

    /** Whether it is fetched over the network. */
    public boolean remote() {
      return source instanceof ModelSource.Uri(ModelUri.Remote _);
    }

    /** Whether somebody on the way can put another file in its place without being noticed. */
    public boolean unprotected() {
      return source instanceof ModelSource.Uri(ModelUri.Remote remote)
          && remote.origin().plain()
          && sha256.isEmpty();
    }
  }

  /** How requests are merged; what is empty is the server's to decide. */
  public record Batching(
      Optional<Integer> maxBatchSize,
      Optional<Integer> maxDelayMicroseconds,
      Optional<Integer> maxQueueSize) {}
}
