package dev.modelserver.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.api.model.IntOrString;
import org.jspecify.annotations.Nullable;

/** How a new revision replaces the old one. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Rollout(
    @JsonPropertyDescription(
            "Pods above the wanted number during a rollout, a number or a percentage. "
                + "Absent: 1.")
        @Nullable IntOrString maxSurge,
    @JsonPropertyDescription(
            "Pods that may be missing during a rollout, a number or a percentage. Absent: " + "0.")
        @Nullable IntOrString maxUnavailable,
    @JsonPropertyDescription(
            "Seconds a new pod must stay ready before it counts as available. Absent: 0.")
        @Min(0)
        @Max(3600)
        @Nullable Integer minReadySeconds,
    @JsonPropertyDescription(
            "Longest time without progress before the rollout has failed, for example 5m. "
                + "Absent: 5m.")
        @Pattern("^([0-9]{1,6}(s|m|h))+$")
        @Size(max = 32)
        @Nullable String progressDeadline,
    @JsonPropertyDescription(
            "Whether a revision that fails is replaced by the last good one: at once for "
                + "a final cause, at the progress deadline for others. Absent: true.")
        @Nullable Boolean autoRollback,
    @JsonPropertyDescription("Number of old revisions kept for a rollback. Absent: 10.")
        @Min(1)
        @Max(100)
        @Nullable Integer revisionHistoryLimit,
    @JsonPropertyDescription(
            "Whether a new revision may break clients of the last good one: an input gone, new, of "
                + "another type, rank or narrower; an output gone or retyped; other class labels. "
                + "It does not restart pods, and taking it away does not either. Absent: false, and "
                + "such a revision is rolled back before it takes traffic.")
        @Nullable Boolean allowBreakingSignature,
    @JsonPropertyDescription("Whether the rollout is held where it is. Absent: false.")
        @Nullable Boolean paused) {}
