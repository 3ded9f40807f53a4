package dev.modelserver.operator.status;

import dev.modelserver.operator.names.Reason;
import dev.modelserver.operator.resolve.Exposure;
import dev.modelserver.operator.snapshot.ForeignText;
import dev.modelserver.operator.snapshot.Outside;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressLoadBalancerIngress;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** What the controller of an Ingress says of it: its address is all that an Ingress can say. */
final class IngressReport {
  private static final int LONGEST = 253;
  private static final int MOST = 4;

  private IngressReport() {}

  static Finding of(Situation s, Exposure.Ingress wanted) {
    String name = s.server().owner().name();
    Optional<Ingress> seen = s.observed().outside().ingress();
    List<String> addresses = seen.map(IngressReport::addresses).orElse(List.of());
    String secret = wanted.tlsSecret().map(IngressReport::unseen).orElse("");
    if (!addresses.isEmpty()) {
      return Finding.good(
          Reason.EXPOSED,
          "Ingress %s has the address %s%s".formatted(name, String.join(", ", addresses), secret));
    }
    if (seen.filter(i -> Outside.overdue(i, s.observed().now())).isEmpty()) {
      return Finding.unknown(
          Reason.EXPOSURE_PENDING, "Ingress %s has no address yet%s".formatted(name, secret));
    }
    return Finding.unknown(
        Reason.NO_CONTROLLER,
        "No controller has given Ingress %s an address: check that %s, and that its controller runs; a controller that publishes no addresses may serve it all the same%s"
            .formatted(
                name,
                wanted
                    .className()
                    .map("there is an IngressClass %s (kubectl get ingressclasses)"::formatted)
                    .orElse(
                        "the cluster has a default IngressClass (kubectl get ingressclasses), or set spec.ingress.className"),
                secret));
  }

  private static String unseen(String secret) {
    return ". The operator reads no Secrets: whether Secret %s is there and has a certificate for these hosts, only the controller knows (kubectl get secret %s)"
        .formatted(secret, secret);
  }

  private static List<String> addresses(Ingress ingress) {
    return Optional.ofNullable(ingress.getStatus())
        .flatMap(status -> Optional.ofNullable(status.getLoadBalancer()))
        .stream()
        .flatMap(balancer -> balancer.getIngress().stream())
        .flatMap(IngressReport::address)
        .limit(MOST)
        .toList();
  }

  private static Stream<String> address(IngressLoadBalancerIngress entry) {
    return Stream.of(Optional.ofNullable(entry.getHostname()), Optional.ofNullable(entry.getIp()))
        .flatMap(Optional::stream)
        .filter(text -> !text.isEmpty())
        .map(text -> ForeignText.shown(text, LONGEST))
        .filter(Objects::nonNull)
        .limit(1);
  }
}
