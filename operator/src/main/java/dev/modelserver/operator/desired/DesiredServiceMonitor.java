package dev.modelserver.operator.desired;

import dev.modelserver.operator.names.Labels;
import dev.modelserver.operator.names.Names;
import dev.modelserver.operator.names.Owner;
import dev.modelserver.operator.names.Ports;
import dev.modelserver.operator.resolve.ResolvedModelServer;
import dev.modelserver.operator.revision.Encryption;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirement;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirementBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitorBuilder;
import io.fabric8.openshift.api.model.monitoring.v1.TLSConfig;
import io.fabric8.openshift.api.model.monitoring.v1.TLSConfigBuilder;
import java.util.List;
import java.util.Optional;

/** The ServiceMonitor, where one is asked for. */
public final class DesiredServiceMonitor {
  /** The headless Service has the same pods: they are scraped once. */
  private static final List<LabelSelectorRequirement> NOT_HEADLESS =
      List.of(
          new LabelSelectorRequirementBuilder()
              .withKey(Labels.SERVICE)
              .withOperator("NotIn")
              .withValues(Labels.HEADLESS)
              .build());

  private DesiredServiceMonitor() {}

  /** Its kind and name, to find it by where none is wanted. */
  public static ServiceMonitor named(Owner owner) {
    return new ServiceMonitorBuilder()
        .withMetadata(Labels.metadata(owner, Names.workload(owner)))
        .build();
  }

  /** Whether there is one: the pods must show their metrics. */
  static boolean wanted(ResolvedModelServer server) {
    return server.monitor().isPresent() && server.workload().endpoints().showsMetrics();
  }

  /** Scrapes port `http` of every pod behind the Service; none where that has no metrics. */
  static Optional<ServiceMonitor> of(ResolvedModelServer server, Encryption encryption) {
    return server
        .monitor()
        .filter(_ -> wanted(server))
        .map(
            wanted -> {
              ObjectMeta metadata = Labels.metadata(server.owner(), Names.workload(server.owner()));
              // Ours win: a Prometheus selects by labels of its own keys.
              wanted.labels().forEach(metadata.getLabels()::putIfAbsent);
              return new ServiceMonitorBuilder()
                  .withMetadata(metadata)
                  .withNewSpec()
                  .withNewSelector()
                  .withMatchLabels(Labels.serviceSelector(server.owner()))
                  .withMatchExpressions(server.service().headless() ? NOT_HEADLESS : List.of())
                  .endSelector()
                  .addNewEndpoint()
                  .withPort(Ports.HTTP)
                  .withPath("/metrics")
                  .withScheme(encryption == Encryption.REQUIRED ? "https" : null)
                  .withTlsConfig(wanted.tls().map(tls -> named(server.owner(), tls)).orElse(null))
                  .withAuthorization(wanted.authorization().orElse(null))
                  .withInterval(wanted.interval())
                  .withScrapeTimeout(wanted.scrapeTimeout().orElse(null))
                  .withRelabelings(wanted.relabelings())
                  .withMetricRelabelings(wanted.metricRelabelings())
                  .endEndpoint()
                  .endSpec()
                  .build();
            });
  }

  /** Prometheus connects to addresses, which no certificate is for. */
  private static TLSConfig named(Owner owner, TLSConfig tls) {
    return tls.getServerName() != null
        ? tls
        : new TLSConfigBuilder(tls).withServerName(Names.hosts(owner).getFirst()).build();
  }
}
