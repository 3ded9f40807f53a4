package dev.modelserver.operator.api.v1alpha1;

import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;
import org.jspecify.annotations.Nullable;

/**
 * A model served on Kubernetes. {@code kubectl get modelservers.modelserver.dev}, short name {@code
 * msv}.
 */
@Group(ModelServer.GROUP)
@Version(ModelServer.VERSION)
@Plural("modelservers")
@ShortNames("msv")
@Categories({"all", "ml"})
@AdditionalPrinterColumn(
    name = "Ready",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].status",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Replicas",
    jsonPath = ".status.readySummary",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Version",
    jsonPath = ".status.model.version",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Digest",
    jsonPath = ".status.model.shortSha256",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Reason",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].reason",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "URL",
    jsonPath = ".status.url",
    type = AdditionalPrinterColumn.Type.STRING,
    priority = 1)
@AdditionalPrinterColumn(
    name = "Message",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].message",
    type = AdditionalPrinterColumn.Type.STRING,
    priority = 1)
@AdditionalPrinterColumn(
    name = "Age",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE)
@JsonDeserialize(using = ModelServerDeserializer.class)
public final class ModelServer extends CustomResource<ModelServerSpec, ModelServerStatus>
    implements Namespaced {
  private static final long serialVersionUID = 1L;

  /** API group. */
  public static final String GROUP = "modelserver.dev";

  /** API version. */
  public static final String VERSION = "v1alpha1";

  /** Beside the metadata, where the API server keeps nothing of its own; a copy has it too. */
  private static final String UNREADABLE = "unreadable";

  /** Why there is no spec, in a sentence with field, value and remedy; null: there is one. */
  public @Nullable String unreadable() {
    return getMetadata() != null
            && getMetadata().getAdditionalProperties().get(UNREADABLE) instanceof String problem
        ? problem
        : null;
  }

  void unreadable(String problem) {
    getMetadata().setAdditionalProperty(UNREADABLE, problem);
  }
}
