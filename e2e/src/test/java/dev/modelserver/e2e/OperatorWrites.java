package dev.modelserver.e2e;

import dev.modelserver.e2e.cluster.AuditLog;
import dev.modelserver.e2e.cluster.OperatorInstall;
import dev.modelserver.e2e.cluster.TestNamespace;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** What the operator wrote to the API, its Lease left out. */
interface OperatorWrites {
  /** The writes at or after an instant, each as a line for people. */
  List<String> since(Instant since);

  /** By the audit log, which shows every request of the operator. */
  static OperatorWrites audited(Path auditLog) {
    String user = OperatorInstall.get().user();
    return since ->
        new AuditLog(auditLog)
            .writes(user, since).stream()
                .filter(write -> !write.resource().equals("leases"))
                .map(AuditLog.Write::toString)
                .toList();
  }

  /**
   * By the field managers of the objects in a namespace: blind to writes that changed nothing and
   * to Events.
   */
  static OperatorWrites managed(TestNamespace namespace) {
    Set<String> others =
        Set.of("e2e", "kube-controller-manager", "kubelet", "fabric8-kubernetes-client");
    return since ->
        NamespaceObjects.withModelServers(namespace)
            .flatMap(
                object ->
                    object.getMetadata().getManagedFields().stream()
                        .filter(entry -> !others.contains(entry.getManager()))
                        .filter(entry -> !Instant.parse(entry.getTime()).isBefore(since))
                        .map(
                            entry ->
                                entry.getManager()
                                    + " wrote "
                                    + object.getKind()
                                    + "/"
                                    + object.getMetadata().getName()))
            .toList();
  }
}
