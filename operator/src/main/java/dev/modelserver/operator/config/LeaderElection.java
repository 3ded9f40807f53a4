package dev.modelserver.operator.config;

import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfigurationBuilder;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Several operators may run; the one that holds the Lease acts. */
@ApplicationScoped
class LeaderElection {
  @Produces
  @Singleton
  @io.quarkus.arc.lookup.LookupIfProperty(
      name = "modelserver.leader-election",
      stringValue = "true",
      lookupIfMissing = true)
  LeaderElectionConfiguration lease(
      OperatorConfig config,
      @ConfigProperty(name = "pod.name") Optional<String> podName,
      @ConfigProperty(name = "pod.namespace") Optional<String> podNamespace) {
    LeaderElectionConfigurationBuilder lease =
        LeaderElectionConfigurationBuilder.aLeaderElectionConfiguration(config.leaseName());
    podNamespace.ifPresent(lease::withLeaseNamespace);
    podName.ifPresent(lease::withIdentity);
    return lease.build();
  }
}
