package dev.modelserver.operator.status;

import dev.modelserver.operator.names.Reason;
import dev.modelserver.operator.resolve.Exposure;
import dev.modelserver.operator.snapshot.ForeignText;
import dev.modelserver.operator.snapshot.Outside;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.ParentReference;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.RouteParentStatus;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the controllers of Gateway API say of a route, for one of its parents.
 *
 * @param kind of the route
 * @param name of the route
 * @param namespace of the route
 * @param generation of the route; absent: it is not there
 * @param overdue whether a controller has had time to report
 */
record RouteReport(
    String kind, String name, String namespace, Optional<Long> generation, boolean overdue) {
  private static final int LONGEST_REASON = 128;
  private static final int LONGEST_MESSAGE = 512;

  /**
   * One finding for each parent that the spec names.
   *
   * @param named kind and name of the route
   */
  static List<Finding> of(
      Situation s,
      HasMetadata named,
      Exposure.Gateway wanted,
      Optional<? extends HasMetadata> seen,
      List<RouteParentStatus> told) {
    if (!s.observed().serves(named.getClass())) {
      return List.of(missing(named.getKind()));
    }
    RouteReport report = of(s, named, seen);
    return wanted.parents().stream().map(parent -> report.at(parent, told)).toList();
  }

  /** The cluster lacks the kind. */
  static Finding missing(String kind) {
    return Finding.bad(
        Reason.ROUTE_KIND_MISSING,
        "The %s CRD of Gateway API (gateway.networking.k8s.io/v1) is not installed; install it with a controller, it is then detected automatically"
            .formatted(kind));
  }

  /** Of an object as it is now. */
  static RouteReport of(Situation s, HasMetadata named, Optional<? extends HasMetadata> seen) {
    return new RouteReport(
        named.getKind(),
        named.getMetadata().getName(),
        s.server().owner().namespace(),
        seen.map(route -> route.getMetadata().getGeneration()),
        seen.filter(route -> Outside.overdue(route, s.observed().now())).isPresent());
  }

  private Finding at(ParentReference parent, List<RouteParentStatus> told) {
    String where = shown(parent);
    List<Condition> conditions =
        told.stream()
            .filter(status -> same(parent, status.getParentRef()))
            .flatMap(status -> status.getConditions().stream())
            .toList();
    return said(where, conditions).orElseGet(() -> silence(where));
  }

  /** What a controller says of it at a parent; empty: nothing of it as it is now. */
  Optional<Finding> said(String where, List<Condition> all) {
    List<Condition> conditions = all.stream().filter(this::current).toList();
    return find(conditions, "Accepted", "False")
        .map(c -> refused("%s does not accept %s %s".formatted(where, kind, name), c))
        .or(
            () ->
                find(conditions, "ResolvedRefs", "False")
                    .map(
                        c ->
                            refused(
                                "%s cannot use what %s %s refers to".formatted(where, kind, name),
                                c)))
        .or(
            () ->
                find(conditions, "PartiallyInvalid", "True")
                    .map(
                        c ->
                            refused(
                                "%s leaves out a part of %s %s".formatted(where, kind, name), c)))
        .or(
            () ->
                find(conditions, "Accepted", "True")
                    .map(
                        _ ->
                            Finding.good(
                                Reason.EXPOSED, "%s accepts %s %s".formatted(where, kind, name))));
  }

  private Finding silence(String where) {
    return overdue
        ? Finding.bad(
            Reason.NO_CONTROLLER,
            "No controller reports on %s %s at %s: check that there is such a parent, and that the controller of its class runs"
                .formatted(kind, name, where))
        : Finding.unknown(
            Reason.EXPOSURE_PENDING,
            "No controller has reported on %s %s at %s yet".formatted(kind, name, where));
  }

  private Finding refused(String what, Condition said) {
    return Finding.bad(
        Reason.ROUTE_NOT_ACCEPTED,
        "%s (%s: %s)%s"
            .formatted(
                what,
                ForeignText.shown(Objects.requireNonNullElse(said.getReason(), ""), LONGEST_REASON),
                ForeignText.shown(
                    Objects.requireNonNullElse(said.getMessage(), ""), LONGEST_MESSAGE),
                remedy(Objects.requireNonNullElse(said.getReason(), ""))));
  }

  private String remedy(String reason) {
    return switch (reason) {
      case "NotAllowedByListeners" ->
          ": let a listener admit routes of namespace %s (its allowedRoutes), or name another parent"
              .formatted(namespace);
      case "NoMatchingListenerHostname" -> ": use host names that a listener has";
      case "NoMatchingParent" -> ": correct sectionName or port in spec.gateway.parentRefs";
      case "UnsupportedValue" -> ": remove what the controller does not support";
      default -> "";
    };
  }

  /** Not of the route as it was before its last change; a controller need not say. */
  private boolean current(Condition condition) {
    Long observed = condition.getObservedGeneration();
    return observed == null || observed == 0 || generation.filter(now -> observed < now).isEmpty();
  }

  private static Optional<Condition> find(List<Condition> all, String type, String status) {
    return all.stream()
        .filter(c -> type.equals(c.getType()) && status.equals(c.getStatus()))
        .findFirst();
  }

  /** A report names its parent as the route does, with the API server's defaults. */
  private boolean same(ParentReference wanted, @Nullable ParentReference told) {
    return told != null
        && Objects.equals(wanted.getName(), told.getName())
        && or(wanted.getNamespace(), namespace).equals(or(told.getNamespace(), namespace))
        && or(wanted.getKind(), "Gateway").equals(or(told.getKind(), "Gateway"))
        && or(wanted.getGroup(), "gateway.networking.k8s.io")
            .equals(or(told.getGroup(), "gateway.networking.k8s.io"))
        && Objects.equals(wanted.getSectionName(), told.getSectionName())
        && Objects.equals(wanted.getPort(), told.getPort());
  }

  String shown(ParentReference parent) {
    return "%s %s/%s%s"
        .formatted(
            or(parent.getKind(), "Gateway"),
            or(parent.getNamespace(), namespace),
            parent.getName(),
            parent.getSectionName() == null
                ? ""
                : " (listener %s)".formatted(parent.getSectionName()));
  }

  private static String or(@Nullable String text, String absent) {
    return text == null || text.isEmpty() ? absent : text;
  }
}
