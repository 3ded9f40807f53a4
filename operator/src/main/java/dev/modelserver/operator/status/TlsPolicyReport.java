package dev.modelserver.operator.status;

import dev.modelserver.operator.apply.Refusal;
import dev.modelserver.operator.desired.DesiredTlsPolicy;
import dev.modelserver.operator.names.Reason;
import dev.modelserver.operator.resolve.Exposure;
import dev.modelserver.operator.revision.Encryption;
import dev.modelserver.operator.snapshot.ForeignText;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.BackendTLSPolicy;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.PolicyAncestorStatus;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.PolicyStatus;
import java.util.List;
import java.util.Optional;

/** What the controllers of Gateway API say of the BackendTLSPolicy. */
final class TlsPolicyReport {
  private static final int LONGEST = 512;

  private TlsPolicyReport() {}

  /** Nothing where no Gateway shall speak TLS to the pods. */
  static List<Finding> of(Situation s) {
    Optional<Refusal> refusal = s.refusalOf(BackendTLSPolicy.class);
    if (refusal.isPresent()) {
      return List.of(Finding.bad(refusal.get().reason(), refusal.get().message()));
    }
    if (s.server().exposure().gateway().flatMap(Exposure.Gateway::ca).isEmpty()) {
      return List.of();
    }
    BackendTLSPolicy named = DesiredTlsPolicy.named(s.server().owner());
    if (!s.observed().serves(named.getClass())) {
      return List.of(RouteReport.missing(named.getKind()));
    }
    if (DesiredTlsPolicy.of(s.server(), s.plan().encryption()).isEmpty()) {
      return List.of(
          Finding.good(
              Reason.EXPOSED,
              "BackendTLSPolicy %s is applied as soon as every pod speaks TLS; until then Gateways connect without it"
                  .formatted(named.getMetadata().getName())));
    }
    Optional<BackendTLSPolicy> seen = s.observed().outside().tlsPolicy();
    RouteReport report = RouteReport.of(s, named, seen);
    List<Finding> told =
        seen.map(BackendTLSPolicy::getStatus).map(PolicyStatus::getAncestors).stream()
            .flatMap(List::stream)
            .flatMap(ancestor -> at(report, ancestor).stream())
            .toList();
    return told.isEmpty() ? List.of(silence(s, report)) : told;
  }

  private static Optional<Finding> at(RouteReport report, PolicyAncestorStatus ancestor) {
    return Optional.ofNullable(ancestor.getAncestorRef())
        .map(report::shown)
        .flatMap(where -> report.said(ForeignText.shown(where, LONGEST), ancestor.getConditions()));
  }

  /** Without the policy Gateways connect without TLS, which Strict refuses. */
  private static Finding silence(Situation s, RouteReport report) {
    if (!report.overdue()) {
      return Finding.unknown(
          Reason.EXPOSURE_PENDING,
          "No controller has reported on BackendTLSPolicy %s yet".formatted(report.name()));
    }
    String sentence =
        "No controller has taken up BackendTLSPolicy %s: check that the controller of the Gateway supports this kind; otherwise it connects to the pods without TLS"
            .formatted(report.name());
    return s.plan().encryption() == Encryption.REQUIRED
        ? Finding.bad(Reason.NO_CONTROLLER, sentence)
        : Finding.unknown(Reason.NO_CONTROLLER, sentence);
  }
}
