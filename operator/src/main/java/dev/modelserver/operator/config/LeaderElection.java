package dev.modelserver.operator.config;

import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfigurationBuilder;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/** Several operators may run; the one that holds the Lease acts. */
@ApplicationScoped
class LeaderElection {
  /**
   * The Lease, or null where the operator acts alone: CDI lets a dependent producer give nothing.
   */
  @Produces
  @Dependent
  @Nullable LeaderElectionConfiguration lease(
      OperatorConfig config,
      @ConfigProperty(name = "pod.name") Optional<String> podName,
      @ConfigProperty(name = "pod.namespace") Optional<String> podNamespace) {
    if (!config.leaderElection()) {
      return null;
    }
    LeaderElectionConfigurationBuilder lease =
        LeaderElectionConfigurationBuilder.aLeaderElectionConfiguration(config.leaseName());
    podNamespace.ifPresent(lease::withLeaseNamespace);
    podName.ifPresent(lease::withIdentity);
    return lease.build();
  }
}
