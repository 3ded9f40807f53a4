package dev.modelserver.operator.api.v1alpha1;

import static dev.modelserver.operator.api.v1alpha1.GeneratedCrd.at;
import static dev.modelserver.operator.api.v1alpha1.GeneratedCrd.rule;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** What TLS and tokens of the data ports ask of the rest of the spec. */
final class AccessRules {
  private static final String MONITOR =
      "!has(self.monitoring) || !has(self.monitoring.serviceMonitor) || ";
  private static final String ALERTS = "!has(self.monitoring) || !has(self.monitoring.alerts) || ";

  private AccessRules() {}

  static void add(ObjectNode specSchema) {
    rule(
        specSchema,
        MONITOR
            + "!has(self.server) || !has(self.server.tls) || self.server.tls.mode != 'Strict' || has(self.monitoring.serviceMonitor.tlsConfig)",
        "monitoring.serviceMonitor needs tlsConfig beside server.tls.mode Strict: Prometheus scrapes the data port");
    rule(
        specSchema,
        MONITOR
            + "!has(self.server) || !has(self.server.authentication) || self.server.authentication.mode != 'Strict' || has(self.monitoring.serviceMonitor.authorization)",
        "monitoring.serviceMonitor needs authorization beside server.authentication.mode Strict: Prometheus scrapes the data port");
    rule(
        specSchema,
        ALERTS
            + unlessDisabled("certificateExpires")
            + " || has(self.server) && has(self.server.tls)",
        "monitoring.alerts.certificateExpires needs server.tls: without it there is no certificate");
    rule(
        specSchema,
        ALERTS
            + unlessDisabled("secretReloadFailed")
            + " || has(self.server) && (has(self.server.tls) || has(self.server.authentication))",
        "monitoring.alerts.secretReloadFailed needs server.tls or server.authentication: without them there is no Secret");
    rule(
        specSchema,
        "!has(self.gateway) || !has(self.server) || !has(self.server.tls) || !has(self.server.tls.caConfigMap) || self.server.tls.caConfigMap.key == 'ca.crt'",
        "server.tls.caConfigMap.key must be ca.crt beside gateway: a BackendTLSPolicy has no other key");
    ObjectNode spec = (ObjectNode) specSchema.path("properties");
    rule(
        at(spec, "monitoring.serviceMonitor.tlsConfig.ca"),
        "has(self.configMap) != has(self.secret)",
        "set exactly one of configMap and secret");
  }

  private static String unlessDisabled(String alert) {
    String field = "self.monitoring.alerts." + alert;
    return "!has(%1$s) || has(%1$s.state) && %1$s.state == 'Disabled'".formatted(field);
  }
}
