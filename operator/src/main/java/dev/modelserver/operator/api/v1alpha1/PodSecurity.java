package dev.modelserver.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Users and groups of the pods, within Pod Security restricted. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PodSecurity(
    @JsonPropertyDescription("Group that owns the files of the volumes, such as a claim's.")
        @Min(0)
        @Max(2147483647)
        @Nullable Integer fsGroup,
    @JsonPropertyDescription(
            "OnRootMismatch changes the files of a volume only where its root has another group, which is faster. Absent: Always.")
        @Nullable FsGroupChangePolicy fsGroupChangePolicy,
    @JsonPropertyDescription("Further groups of the processes.") @Size(max = 32)
        @Nullable List<Integer> supplementalGroups,
    @JsonPropertyDescription("User of the processes; never 0, which is root. Absent: the image's.")
        @Min(1)
        @Max(2147483647)
        @Nullable Integer runAsUser,
    @JsonPropertyDescription("Group of the processes. Absent: the image's.")
        @Min(0)
        @Max(2147483647)
        @Nullable Integer runAsGroup,
    @JsonPropertyDescription("SELinux context of the processes. User and role are the node's.")
        @Nullable SeLinux seLinuxOptions) {

  /** An SELinux context. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record SeLinux(
      @JsonPropertyDescription("Level, for example s0:c123,c456.")
          @Pattern("^s[0-9][-.,:a-z0-9]*$")
          @Size(max = 253)
          @Nullable String level,
      @JsonPropertyDescription(
              "Type: container_t, container_init_t, container_kvm_t or container_engine_t.")
          @Pattern("^(container_(t|init_t|kvm_t|engine_t))?$")
          @Size(max = 64)
          @Nullable String type) {}
}
