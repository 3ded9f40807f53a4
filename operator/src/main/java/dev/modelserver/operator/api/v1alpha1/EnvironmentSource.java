package dev.modelserver.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** All keys of a ConfigMap or Secret as variables. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record EnvironmentSource(
    @JsonPropertyDescription(
            "What the names of the variables begin with, for example MYAPP_; the keys follow. The operator does not read the keys, so a prefix is refused with which a key could become a reserved name (as M, which becomes MODELSERVER_).")
        @Required
        @Pattern("^[A-Za-z_][A-Za-z0-9_]*$")
        @Size(max = 128)
        String prefix,
    @JsonPropertyDescription("The ConfigMap. Exactly one of configMapRef and secretRef is set.")
        @Nullable Source configMapRef,
    @JsonPropertyDescription("The Secret.") @Nullable Source secretRef) {

  /** A Secret or ConfigMap of the namespace. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Source(
      @JsonPropertyDescription("Name of the Secret or ConfigMap.")
          @Required
          @Pattern("^[a-z0-9]([-.a-z0-9]*[a-z0-9])?$")
          @Size(max = 253)
          String name,
      @JsonPropertyDescription("Whether the pods start without it. Absent: false.")
          @Nullable Boolean optional) {}
}
