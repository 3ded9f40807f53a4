package dev.modelserver.operator.api.v1alpha1;

import static dev.modelserver.operator.api.v1alpha1.GeneratedCrd.at;
import static dev.modelserver.operator.api.v1alpha1.GeneratedCrd.rule;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * What sources outside the cluster ask of the model: what the resolver asks too, in its words. No
 * schema has a pattern where a password could stand, because the API server quotes what does not
 * match one.
 */
final class SourceRules {
  private static final String CREDENTIALS = "!has(self.credentials) || ";

  private SourceRules() {}

  static void add(ObjectNode spec) {
    ObjectNode model = at(spec, "model");
    for (SourceForms.Form form : SourceForms.STORES) {
      rule(
          at(spec, "model.uri"),
          "!self.startsWith('%s:') || %s && !self.matches('%s')"
              .formatted(form.scheme(), whole(form.expression()), literal(form.excluded())),
          "spec.model.uri must have the form " + form.words());
    }
    rule(
        model,
        "!has(self.s3) || has(self.uri) && self.uri.startsWith('s3://')",
        SourceForms.S3_ALONE);
    for (String field : List.of("file", "credentials", "trust", "proxy")) {
      rule(
          model,
          "!has(self.%s) || has(self.uri) && !self.uri.startsWith('file:')".formatted(field),
          SourceForms.needsRemote(field));
    }
    rule(
        model,
        CREDENTIALS + "!has(self.uri) || !self.uri.startsWith('http://')",
        "spec.model.uri: " + SourceForms.PLAIN);
    rule(
        model,
        CREDENTIALS
            + "!has(self.s3) || !has(self.s3.endpoint) || !self.s3.endpoint.startsWith('http://')",
        "spec.model.s3.endpoint: " + SourceForms.PLAIN);
    rule(
        at(spec, "model.file"),
        "self.split('/').all(part, !(part in ['', '.', '..']))",
        "spec.model.file must be a relative path without . or .. segments");
    rule(
        at(spec, "model.s3.endpoint"),
        whole(SourceForms.ENDPOINT),
        "spec.model.s3.endpoint must be " + SourceForms.ENDPOINT_FORM);
    rule(at(spec, "model.proxy.https"), "!self.contains('@')", SourceForms.PROXY_USER);
    rule(
        at(spec, "model.proxy.https"),
        "self.contains('@') || " + whole(SourceForms.PROXY),
        "spec.model.proxy.https must be " + SourceForms.PROXY_FORM);
    ((ObjectNode) at(spec, "model.proxy.noProxy").path("items"))
        .put("minLength", 1)
        .put("maxLength", KubernetesNames.LONGEST)
        .put("pattern", ModelProxy.EXCEPTION);
  }

  private static String whole(String expression) {
    return "self.matches('^(%s)$')".formatted(literal(expression));
  }

  /** Inside a text of CEL, where a backslash begins an escape as in Java. */
  static String literal(String expression) {
    return expression.replace("\\", "\\\\");
  }
}
