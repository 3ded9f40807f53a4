package dev.modelserver.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import org.jspecify.annotations.Nullable;

/** How ONNX Runtime runs the model. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({"instances", "intraOpThreads", "memoryArena"})
public record ServerRuntime(
    @JsonPropertyDescription(
            "Runs of the model at the same time; other requests wait. instances x "
                + "intraOpThreads is at most the CPUs of the pod: its CPU limit, else its CPU "
                + "request, rounded up. Absent: these CPUs divided by intraOpThreads.")
        @Min(1)
        @Max(256)
        @Nullable Integer instances,
    @JsonPropertyDescription(
            "Threads that work within one run, so that one slow request uses several CPUs. With "
                + "more than 1 the last bits of an answer can differ from those of one thread, and "
                + "requests share a run only where batching.maxBatchSize says so. Absent: 1.")
        @Min(1)
        @Max(256)
        @Nullable Integer intraOpThreads,
    @JsonPropertyDescription(
            "Whether ONNX Runtime keeps the memory of a run for later runs. Disabled: the system "
                + "gets it back after each run, which makes runs slower. Absent: Enabled.")
        @Nullable MemoryArena memoryArena) {}
