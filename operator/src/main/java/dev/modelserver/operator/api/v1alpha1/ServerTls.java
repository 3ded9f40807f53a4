package dev.modelserver.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** TLS on the data ports. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ServerTls(
    @JsonPropertyDescription(
            "Name of a Secret of this namespace of type kubernetes.io/tls. Its certificate must be "
                + "for NAME.NAMESPACE.svc, NAME.NAMESPACE.svc.cluster.local, NAME.NAMESPACE or "
                + "NAME. A renewed certificate is used without a restart. The operator cannot read "
                + "the Secret.")
        @Required
        @Pattern(KubernetesNames.SUBDOMAIN)
        @Size(min = 1, max = KubernetesNames.LONGEST)
        String secretName,
    @JsonPropertyDescription(
            "Strict: only TLS is answered. Permissive: plain connections are answered too, and "
                + "counted, until all clients use TLS.")
        @Required
        Enforcement mode,
    @JsonPropertyDescription(
            "The CA certificates that clients trust, in a ConfigMap of this namespace. With "
                + "spec.gateway a BackendTLSPolicy is made from it. No pod is restarted when it "
                + "changes. Absent: no BackendTLSPolicy.")
        @Nullable CaConfigMap caConfigMap) {}
