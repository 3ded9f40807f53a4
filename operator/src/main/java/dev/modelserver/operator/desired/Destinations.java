package dev.modelserver.operator.desired;

import dev.modelserver.operator.resolve.ModelUri;
import dev.modelserver.operator.resolve.Origin;
import dev.modelserver.operator.resolve.StoreAddresses;
import dev.modelserver.operator.revision.Revision;
import io.fabric8.kubernetes.api.model.EnvVar;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What the pods of some revisions call, as far as a NetworkPolicy can say it: a policy knows no
 * names of hosts, only ports. Of a Service of the cluster it sees the port of the pods, which may
 * be another than that of the URL; so all ports of that namespace's pods are meant then.
 *
 * @param ports of any address
 * @param namespaces whose pods are called on any port
 */
record Destinations(SortedSet<Integer> ports, SortedSet<String> namespaces) {
  private static final Set<String> COLLECTORS =
      Set.of("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT");

  /** Of OTLP over HTTP, where the URL is not known or its port stands in a variable. */
  private static final int OTLP = 4318;

  private static final Pattern URL =
      Pattern.compile("(https?)://(\\[[^]]*]|[^/?#:]*)(?::([0-9]{1,5}))?(?:[/?#].*)?");

  /** NAME, NAME.NAMESPACE and NAME.NAMESPACE.svc, with a domain or the name of a pod around it. */
  private static final Pattern SERVICE =
      Pattern.compile(
          "[-a-z0-9]+(?:[.]([-a-z0-9]+))?|(?:[-a-z0-9]+[.])+([-a-z0-9]+)[.]svc(?:[.].*)?");

  /**
   * Of the models and trace collectors of revisions.
   *
   * @param namespace where their pods run
   */
  static Destinations of(String namespace, Collection<Revision> revisions) {
    Destinations all = new Destinations(new TreeSet<>(), new TreeSet<>());
    for (Revision revision : revisions) {
      revision.uri().ifPresent(uri -> all.addModel(namespace, uri, stores(revision)));
      revision
          .proxy()
          .flatMap(Origin::of)
          .ifPresent(proxy -> all.add(namespace, proxy.host(), proxy.port()));
      revision.template().getSpec().getContainers().stream()
          .flatMap(container -> container.getEnv().stream())
          .filter(variable -> COLLECTORS.contains(variable.getName()))
          .forEach(variable -> all.addCollector(namespace, variable));
    }
    return all;
  }

  /** As its preflight finds them. */
  private static StoreAddresses stores(Revision revision) {
    return new StoreAddresses(
        revision.s3Endpoint(),
        Optional.empty(),
        revision.template().getSpec().getInitContainers().stream()
            .flatMap(container -> container.getEnv().stream())
            .toList());
  }

  private void addModel(String namespace, String uri, StoreAddresses stores) {
    try {
      switch (ModelUri.parse(uri, stores)) {
        // Not the Service huggingface of a namespace co, though it has the form of one.
        case ModelUri.HubFile hub when hub.origin().equals(StoreAddresses.PUBLIC_HUB) ->
            ports.add(hub.origin().port());
        case ModelUri.Remote remote ->
            add(namespace, remote.origin().host(), remote.origin().port());
        case ModelUri.ImageFile _ -> {}
      }
    } catch (IllegalArgumentException _) {
      // Of an older operator, which took another form: this one does not start such a download.
    }
  }

  private void addCollector(String namespace, EnvVar variable) {
    String value = variable.getValue();
    if (value != null && value.isBlank()) {
      return;
    }
    Matcher url = URL.matcher(value == null ? "" : value.strip().toLowerCase(Locale.ROOT));
    if (!url.matches()) {
      ports.add(OTLP);
      return;
    }
    int standard = url.group(1).equals("https") ? 443 : 80;
    add(
        namespace,
        url.group(2),
        Optional.ofNullable(url.group(3)).map(Integer::valueOf).orElse(standard));
  }

  private void add(String namespace, String host, int port) {
    if (host.equals("localhost")) {
      return;
    }
    if (port > 0 && port <= 65535) {
      ports.add(port);
    }
    Matcher service = SERVICE.matcher(host);
    if (service.matches()) {
      namespaces.add(
          Stream.of(service.group(1), service.group(2))
              .flatMap(Stream::ofNullable)
              .findFirst()
              .orElse(namespace));
    }
  }
}
