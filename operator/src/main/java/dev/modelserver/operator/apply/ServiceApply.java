package dev.modelserver.operator.apply;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Optional;

/**
 * Applies a Service, and without {@code trafficDistribution} where the API server does not take it:
 * an older one lacks the field or the value, or drops it, and traffic needs neither.
 */
public final class ServiceApply {
  private final Applier applier;

  public ServiceApply(Applier applier) {
    this.applier = applier;
  }

  /**
   * What became of it.
   *
   * @param refusal why it could not be written, if it could not
   * @param note what of it was left out
   */
  public record Result(Optional<Refusal> refusal, Optional<String> note) {}

  /** Makes the Service as it is wanted, or nearly so. */
  public Result apply(Service wanted, Optional<? extends HasMetadata> cached) {
    String distribution = wanted.getSpec().getTrafficDistribution();
    Optional<Refusal> refusal = applier.apply(wanted, cached);
    if (distribution == null) {
      return new Result(refusal, Optional.empty());
    }
    if (refusal.isPresent()) {
      return refusal.filter(ServiceApply::aboutIt).isPresent()
          ? new Result(
              applier.apply(without(wanted), cached),
              Optional.of(note(distribution, refusal.get().message())))
          : new Result(refusal, Optional.empty());
    }
    try {
      return new Result(
          Optional.empty(),
          dropped(wanted, cached, distribution)
              ? Optional.of(note(distribution, "it drops the field"))
              : Optional.empty());
    } catch (KubernetesClientException e) {
      return new Result(Optional.of(Applier.refusal(wanted, e)), Optional.empty());
    }
  }

  private static boolean aboutIt(Refusal refusal) {
    return !refusal.passing() && refusal.message().contains("trafficDistribution");
  }

  private static Service without(Service wanted) {
    return new ServiceBuilder(wanted).editSpec().withTrafficDistribution(null).endSpec().build();
  }

  private boolean dropped(
      Service wanted, Optional<? extends HasMetadata> cached, String distribution) {
    if (applier.held().contains(Applier.named(wanted)) || has(cached, distribution)) {
      return false;
    }
    Optional<HasMetadata> stored = applier.find(wanted);
    return stored.isPresent() && !has(stored, distribution);
  }

  private static boolean has(Optional<? extends HasMetadata> object, String distribution) {
    return object
        .filter(Service.class::isInstance)
        .map(Service.class::cast)
        .filter(service -> service.getSpec() != null)
        .filter(service -> distribution.equals(service.getSpec().getTrafficDistribution()))
        .isPresent();
  }

  private static String note(String distribution, String why) {
    return "The API server does not take spec.service.trafficDistribution %s, and the Service is applied without it (%s): remove the field, choose another value, or upgrade Kubernetes"
        .formatted(distribution, why);
  }
}
