package dev.modelserver.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/** The certificate of an Ingress. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record IngressTls(
    @JsonPropertyDescription(
            "Name of a Secret of this namespace of type kubernetes.io/tls, with a certificate for "
                + "all hosts. The operator cannot see it; the controller reads it.")
        @Required
        @Pattern(KubernetesNames.SUBDOMAIN)
        @Size(max = KubernetesNames.LONGEST)
        String secretName) {}
