package dev.modelserver.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
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
            "Seconds without progress after which the rollout has failed; more than "
                + "minReadySeconds. Absent: 300.")
        @Min(1)
        @Max(86_400)
        @Nullable Integer progressDeadlineSeconds,
    @JsonPropertyDescription(
            "Whether a revision that fails is replaced by the last good one: Automatic (at once "
                + "for a final cause, after progressDeadlineSeconds for others) or Never. "
                + "Absent: Automatic.")
        @Nullable RollbackPolicy rollbackPolicy,
    @JsonPropertyDescription("Number of old revisions kept for a rollback. Absent: 10.")
        @Min(1)
        @Max(100)
        @Nullable Integer revisionHistoryLimit,
    @JsonPropertyDescription(
            "Which signature a new revision may have. Compatible: one that does not break clients "
                + "of the last good revision; another is rolled back before it takes traffic. Any: "
                + "also one with an input removed, added, retyped, of another rank or narrowed, an "
                + "output removed or retyped, or other class labels. A change of this field "
                + "restarts no pod. Absent: Compatible.")
        @Nullable SignaturePolicy signaturePolicy,
    @JsonPropertyDescription("Whether the rollout is held where it is. Absent: false.")
        @Nullable Boolean paused) {}
