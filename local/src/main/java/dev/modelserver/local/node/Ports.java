package dev.modelserver.local.node;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.IntOrString;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/**
 * The ports of a pod's server. Pods of a local run share one address, so each gets its own.
 *
 * @param http port of the data plane
 * @param grpc its port for gRPC
 * @param management port of the probes
 */
record Ports(int http, int grpc, int management) {
  /** Ports that nothing listens on now. */
  static Ports free() throws IOException {
    var loopback = InetAddress.getLoopbackAddress();
    try (var first = new ServerSocket(0, 1, loopback);
        var second = new ServerSocket(0, 1, loopback);
        var third = new ServerSocket(0, 1, loopback)) {
      return new Ports(first.getLocalPort(), second.getLocalPort(), third.getLocalPort());
    }
  }

  /** The local port for a port of the container, given by its name or number. */
  int of(IntOrString port, Container container) {
    var name = port.getStrVal();
    if (name == null) {
      name =
          container.getPorts().stream()
              .filter(candidate -> candidate.getContainerPort().equals(port.getIntVal()))
              .map(candidate -> String.valueOf(candidate.getName()))
              .findFirst()
              .orElse("http");
    }
    return switch (name) {
      case "management" -> management;
      case "grpc" -> grpc;
      default -> http;
    };
  }
}
