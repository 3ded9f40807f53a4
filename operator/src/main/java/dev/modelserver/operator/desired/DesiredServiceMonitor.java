package dev.modelserver.operator.desired;

import dev.modelserver.operator.names.Labels;
import dev.modelserver.operator.names.Names;
import dev.modelserver.operator.names.Ports;
import dev.modelserver.operator.resolve.ResolvedModelServer;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitorBuilder;
import java.util.Optional;

/** The ServiceMonitor, where one is asked for. */
public final class DesiredServiceMonitor {
  private DesiredServiceMonitor() {}

  /** Scrapes port `http` of every pod behind the Service; none where that has no metrics. */
  public static Optional<ServiceMonitor> of(ResolvedModelServer server) {
    return server
        .monitor()
        .filter(_ -> server.workload().endpoints().showsMetrics())
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
                  .endSelector()
                  .addNewEndpoint()
                  .withPort(Ports.HTTP)
                  .withPath("/metrics")
                  .withInterval(wanted.interval())
                  .endEndpoint()
                  .endSpec()
                  .build();
            });
  }
}
