package dev.modelserver.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.api.model.IntOrString;
import org.jspecify.annotations.Nullable;

/** The PodDisruptionBudget of the pods. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Disruption(
    @JsonPropertyDescription(
            "Pods that an eviction may take away at a time, a number or a percentage. "
                + "Absent: 1.")
        @Nullable IntOrString maxUnavailable,
    @JsonPropertyDescription(
            "Whether there is a PodDisruptionBudget. false deletes it, for example where you "
                + "make one of your own. Absent: true.")
        @Nullable Boolean enabled) {}
