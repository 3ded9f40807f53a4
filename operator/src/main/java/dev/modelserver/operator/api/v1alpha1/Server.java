package dev.modelserver.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The inference server container. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Server(
    @JsonPropertyDescription(
            "Image of the inference server. Absent: the operator's default at the time "
                + "the revision was made.")
        @Size(min = 1, max = 512)
        @Nullable String image,
    @JsonPropertyDescription("Log level of the server. Absent: INFO.") @Nullable LogLevel logLevel,
    @JsonPropertyDescription(
            "Longest time a prediction may take, for example 30s; then the client gets a "
                + "504. Absent: 30s.")
        @Pattern("^([0-9]{1,6}(ms|s|m))+$")
        @Size(max = 32)
        @Nullable String requestTimeout,
    @JsonPropertyDescription(
            "How ONNX Runtime runs the model: runs at the same time, threads within one, memory.")
        @Nullable ServerRuntime runtime,
    @JsonPropertyDescription(
            "How requests that come at the same time are merged into one run of the model. "
                + "Absent: as a measurement when the model is loaded decides.")
        @Nullable Batching batching,
    @JsonPropertyDescription(
            "What the data ports show besides predictions, the model's metadata and health.")
        @Nullable Endpoints endpoints,
    @JsonPropertyDescription(
            "Additional environment variables. Names that begin with MODELSERVER_, ORT_, "
                + "QUARKUS_, JAVA_ or LD_, and POD_NAME, JDK_JAVA_OPTIONS and _JAVA_OPTIONS, are "
                + "reserved. Never put secrets here.")
        @Size(max = 64)
        @Nullable List<EnvironmentVariable> env) {}
