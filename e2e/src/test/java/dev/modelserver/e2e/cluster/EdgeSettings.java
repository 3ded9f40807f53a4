package dev.modelserver.e2e.cluster;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What leads into the cluster under test: a Gateway and an Ingress controller, which answer at one
 * address.
 *
 * @param address {@code E2E_EDGE_ADDRESS}: where both answer, as an IP address
 * @param http {@code E2E_EDGE_HTTP}: port of the listener for HTTP; absent: 80
 * @param https {@code E2E_EDGE_HTTPS}: port of the listener for HTTPS; absent: 443
 * @param authority {@code E2E_EDGE_CA}: the certificate of the listener's authority, as PEM
 * @param domain {@code E2E_EDGE_DOMAIN}: of which the HTTPS listener has a wildcard; absent:
 *     example.com
 * @param gateway {@code E2E_GATEWAY}: NAMESPACE/NAME of the Gateway
 * @param ingressClass {@code E2E_INGRESS_CLASS}: name of the IngressClass
 */
public record EdgeSettings(
    String address,
    int http,
    int https,
    Path authority,
    String domain,
    String gateway,
    String ingressClass) {

  /** Empty where the environment names no address. */
  static Optional<EdgeSettings> from(Map<String, String> environment) {
    return Optional.ofNullable(environment.get("E2E_EDGE_ADDRESS"))
        .map(
            address ->
                new EdgeSettings(
                    address,
                    Integer.parseInt(environment.getOrDefault("E2E_EDGE_HTTP", "80")),
                    Integer.parseInt(environment.getOrDefault("E2E_EDGE_HTTPS", "443")),
                    Path.of(environment.getOrDefault("E2E_EDGE_CA", "")),
                    environment.getOrDefault("E2E_EDGE_DOMAIN", "example.com"),
                    environment.getOrDefault("E2E_GATEWAY", "projectcontour/contour"),
                    environment.getOrDefault("E2E_INGRESS_CLASS", "contour")));
  }

  /** Where plain HTTP answers. */
  public InetSocketAddress plain() {
    return new InetSocketAddress(address, http);
  }

  /** Where HTTPS answers. */
  public InetSocketAddress secure() {
    return new InetSocketAddress(address, https);
  }

  /** A reference to the Gateway, or to a listener of it. */
  public Map<String, Object> parent() {
    String[] parts = gateway.split("/", 2);
    return Map.of("namespace", parts[0], "name", parts[1]);
  }
}
