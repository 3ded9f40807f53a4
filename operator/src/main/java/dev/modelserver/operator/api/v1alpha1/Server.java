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
            "Longest time a prediction may take, 1ms to 30m, for example 30s; then the client "
                + "gets a 504. Absent: 30s.")
        @Pattern("^([0-9]{1,5}(h|m|s|ms)){1,4}$")
        @Size(max = 32)
        @Nullable String requestTimeout,
    @JsonPropertyDescription(
            "Prefix of the paths of the HTTP port, for example /iris, so that several models share "
                + "a host without rewriting. The server answers every path with and without it. A "
                + "change is a rollout. Absent: no prefix.")
        @Pattern("^(/[-A-Za-z0-9._~]+)+$")
        @Size(max = 253)
        @Nullable String pathPrefix,
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
                + "reserved. A secret belongs in a Secret that valueFrom names.")
        @Size(max = 64)
        @Nullable List<EnvironmentVariable> env,
    @JsonPropertyDescription(
            "All keys of Secrets and ConfigMaps as variables, each with a prefix. A variable of "
                + "env comes before one of these.")
        @Size(max = 16)
        @Nullable List<EnvironmentSource> envFrom,
    @JsonPropertyDescription("When the image is pulled. Absent: IfNotPresent.")
        @Nullable ImagePullPolicy imagePullPolicy,
    @JsonPropertyDescription(
            "TLS on the data ports, for HTTP and gRPC. Probes stay on a port of their own, without "
                + "TLS. Absent: no TLS.")
        @Nullable ServerTls tls,
    @JsonPropertyDescription(
            "Tokens of clients, as Bearer, or as the password of Basic beside the client's name. "
                + "Absent: everybody is answered.")
        @Nullable ServerAuthentication authentication) {
  /** Nothing is said. */
  public static final Server NOTHING =
      new Server(null, null, null, null, null, null, null, null, null, null, null, null);

  /** The same with other TLS. */
  public Server with(ServerTls other) {
    return new Server(
        image,
        logLevel,
        requestTimeout,
        pathPrefix,
        runtime,
        batching,
        endpoints,
        env,
        envFrom,
        imagePullPolicy,
        other,
        authentication);
  }
}
