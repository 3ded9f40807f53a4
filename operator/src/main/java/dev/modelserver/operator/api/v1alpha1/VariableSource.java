package dev.modelserver.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** Where the value of a variable comes from; exactly one of these. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record VariableSource(
    @JsonPropertyDescription("A key of a Secret of the namespace.") @Nullable Key secretKeyRef,
    @JsonPropertyDescription("A key of a ConfigMap of the namespace.")
        @Nullable Key configMapKeyRef,
    @JsonPropertyDescription("A field of the pod.") @Nullable Field fieldRef,
    @JsonPropertyDescription("A request or limit of the container.")
        @Nullable Amount resourceFieldRef) {

  /** A key of a Secret or ConfigMap. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Key(
      @JsonPropertyDescription("Name of the Secret or ConfigMap.")
          @Required
          @Pattern("^[a-z0-9]([-.a-z0-9]*[a-z0-9])?$")
          @Size(max = 253)
          String name,
      @JsonPropertyDescription("Its key.") @Required @Pattern("^[-._a-zA-Z0-9]+$") @Size(max = 253)
          String key,
      @JsonPropertyDescription("Whether the pods start without it. Absent: false.")
          @Nullable Boolean optional) {}

  /** A field of the pod. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Field(
      @JsonPropertyDescription("Path of the field, for example metadata.namespace or status.podIP.")
          @Required
          @Pattern(
              "^(metadata[.](name|namespace|uid)|metadata[.](labels|annotations)\\['[^']+'\\]|spec[.](nodeName|serviceAccountName)|status[.](hostIP|hostIPs|podIP|podIPs))$")
          @Size(max = 512)
          String fieldPath,
      @JsonPropertyDescription("Version of the schema of the path. Absent: v1.")
          @Pattern("^v1$")
          @Size(max = 8)
          @Nullable String apiVersion) {}

  /** A request or limit of the container. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Amount(
      @JsonPropertyDescription("The request or limit, for example limits.memory.")
          @Required
          @Pattern("^(limits|requests)[.](cpu|memory|ephemeral-storage)$")
          @Size(max = 64)
          String resource,
      @JsonPropertyDescription(
              "Unit of the value, for example 1Mi. Absent: 1, a whole core or a byte.")
          @Pattern("^1([mkMGTPE]|[KMGTPE]i)?$")
          @Size(max = 3)
          @Nullable String divisor) {}
}
