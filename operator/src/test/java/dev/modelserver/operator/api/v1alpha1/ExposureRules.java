package dev.modelserver.operator.api.v1alpha1;

import static dev.modelserver.operator.api.v1alpha1.GeneratedCrd.at;
import static dev.modelserver.operator.api.v1alpha1.GeneratedCrd.listMap;
import static dev.modelserver.operator.api.v1alpha1.GeneratedCrd.map;
import static dev.modelserver.operator.api.v1alpha1.GeneratedCrd.rule;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Rules and bounds of the Ingress and the routes that have no annotation. */
final class ExposureRules {
  private static final int LONGEST_ANNOTATION = 16 << 10;
  private static final String HOST =
      "^(\\*\\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$";

  /** Segments of unreserved characters: what every controller takes for a prefix. */
  private static final String PATH = "^/([-A-Za-z0-9._~]+(/[-A-Za-z0-9._~]+)*/?)?$";

  /** Begins with a segment of the server's own paths. */
  private static final String OWN =
      "^/(docs|health|info|metrics|openapi[.]json|predict|q|ready|v1|v2)(/|$)";

  private ExposureRules() {}

  static void add(ObjectNode specSchema) {
    ObjectNode spec = (ObjectNode) specSchema.path("properties");
    rule(
        specSchema,
        "!has(self.gateway) || !has(self.gateway.grpc) || !has(self.service) || !has(self.service.grpc) || !has(self.service.grpc.enabled) || self.service.grpc.enabled",
        "spec.gateway.grpc needs a port for gRPC: set spec.service.grpc.enabled to true, or remove spec.gateway.grpc");
    prefix(specSchema, at(spec, "server.pathPrefix"));
    hosts(at(spec, "ingress.hosts"));
    hosts(at(spec, "gateway.hostnames"));
    hosts(at(spec, "gateway.grpc.hostnames"));
    paths(at(spec, "ingress.paths"));
    paths(at(spec, "gateway.paths"));
    map(at(spec, "ingress.annotations"), LONGEST_ANNOTATION);
    rule(
        at(spec, "ingress.annotations"),
        "self.all(key, !key.matches('snippets?$|[.]github[.]io/config-'))",
        "annotations that put lines into the configuration of a proxy (snippets) are refused: they would configure it for everybody");
    rule(
        at(spec, "gateway"),
        "!has(self.grpc) || self.hostnames.all(h, self.grpc.hostnames.all(g, h != g && !(h.startsWith('*.') && g.endsWith(h.substring(1))) && !(g.startsWith('*.') && h.endsWith(g.substring(1)))))",
        "hostnames and grpc.hostnames must not match the same host: a listener accepts only one of two routes whose host names intersect");
    parents(at(spec, "gateway.parentRefs"));
    filters(at(spec, "gateway.filters"));
  }

  /** No path may mean two things, and what leads to the server must lead to a path of it. */
  private static void prefix(ObjectNode specSchema, ObjectNode prefix) {
    rule(
        prefix,
        "self.split('/').all(part, !(part in ['.', '..']))",
        "spec.server.pathPrefix must have no segment . or ..");
    rule(
        prefix,
        "!self.matches('%s')".formatted(OWN),
        "spec.server.pathPrefix must not begin with a path of the server itself (/docs, /health, /info, /metrics, /openapi.json, /predict, /q, /ready, /v1 or /v2): use another first segment");
    for (String way : List.of("ingress", "gateway")) {
      rule(
          specSchema,
          "!has(self.server) || !has(self.server.pathPrefix) || !has(self.%1$s) || !has(self.%1$s.paths) || self.%1$s.paths.all(p, (self.server.pathPrefix + '/').startsWith(p + '/') || p.endsWith('/') && (self.server.pathPrefix + '/').startsWith(p) || p.matches('%2$s') || p.startsWith(self.server.pathPrefix + '/') && p.substring(size(self.server.pathPrefix)).matches('%2$s'))"
              .formatted(way, OWN),
          "beside server.pathPrefix each of %s.paths must be one that the server answers: /, the prefix, or a path of the server with or without the prefix before it"
              .formatted(way));
    }
  }

  private static void hosts(ObjectNode list) {
    set(list);
    items(list).put("minLength", 1).put("maxLength", 253).put("pattern", HOST);
  }

  private static void paths(ObjectNode list) {
    set(list);
    items(list).put("minLength", 1).put("maxLength", 256).put("pattern", PATH);
    rule(
        items(list),
        "self.split('/').all(part, !(part in ['.', '..']))",
        "a path must have no segment . or ..");
  }

  private static void parents(ObjectNode list) {
    list.put("x-kubernetes-list-type", "atomic");
    String same =
        "(has(a.group) ? a.group : '') == (has(b.group) ? b.group : '') && (has(a.kind) ? a.kind : '') == (has(b.kind) ? b.kind : '') && (has(a.__namespace__) ? a.__namespace__ : '') == (has(b.__namespace__) ? b.__namespace__ : '') && a.name == b.name";
    rule(
        list,
        "self.all(a, self.exists_one(b, %s && (has(a.sectionName) ? a.sectionName : '') == (has(b.sectionName) ? b.sectionName : '')))"
            .formatted(same),
        "parentRefs must differ: give references to the same Gateway another sectionName each");
    rule(
        list,
        "self.all(a, self.all(b, !(%s) || has(a.sectionName) == has(b.sectionName)))"
            .formatted(same),
        "of several references to the same Gateway, each needs a sectionName");
  }

  private static void filters(ObjectNode list) {
    // A list map would need every filter to have the key that tells them apart: it has, its type.
    listMap(list, "type");
    ObjectNode filter = items(list);
    rule(
        filter,
        "has(self.requestHeaderModifier) == (self.type == 'RequestHeaderModifier') && has(self.responseHeaderModifier) == (self.type == 'ResponseHeaderModifier') && has(self.cors) == (self.type == 'CORS')",
        "a filter has the field of its type, and no other: requestHeaderModifier, responseHeaderModifier or cors");
    for (String modifier : List.of("requestHeaderModifier", "responseHeaderModifier")) {
      ObjectNode fields = (ObjectNode) filter.at("/properties/" + modifier + "/properties");
      listMap(field(fields, "set"), "name");
      listMap(field(fields, "add"), "name");
      set(field(fields, "remove"));
      header(field(fields, "remove"));
    }
    ObjectNode cors = (ObjectNode) filter.at("/properties/cors/properties");
    for (String name : List.of("allowOrigins", "allowMethods", "allowHeaders", "exposeHeaders")) {
      set(field(cors, name));
    }
    for (String name : List.of("allowOrigins", "allowMethods", "allowHeaders")) {
      rule(
          field(cors, name),
          "!('*' in self) || self.size() == 1",
          "%s must not have * beside others".formatted(name));
    }
    header(field(cors, "allowHeaders"));
    header(field(cors, "exposeHeaders"));
    items(field(cors, "allowMethods"))
        .put("maxLength", 7)
        .put("pattern", "^(GET|HEAD|POST|PUT|DELETE|CONNECT|OPTIONS|TRACE|PATCH|\\*)$");
    items(field(cors, "allowOrigins"))
        .put("minLength", 1)
        .put("maxLength", 253)
        .put(
            "pattern",
            "^(\\*|https?://(((\\*\\.)?([a-zA-Z0-9-]+\\.)*[a-zA-Z0-9-]+|\\*)(:[0-9]{1,5})?))$");
  }

  private static void header(ObjectNode list) {
    items(list).put("minLength", 1).put("maxLength", 256).put("pattern", HeaderValue.NAME);
  }

  private static void set(ObjectNode list) {
    list.put("x-kubernetes-list-type", "set");
  }

  private static ObjectNode field(ObjectNode fields, String name) {
    return (ObjectNode) fields.path(name);
  }

  private static ObjectNode items(ObjectNode list) {
    return (ObjectNode) list.path("items");
  }
}
