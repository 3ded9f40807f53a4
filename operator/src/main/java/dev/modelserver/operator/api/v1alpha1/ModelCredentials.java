package dev.modelserver.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/** A Secret with the credentials for the source of the model. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ModelCredentials(
    @JsonPropertyDescription(
            "Name of a Secret of this namespace. Keys for s3://: AWS_ACCESS_KEY_ID, "
                + "AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN. For oci://: .dockerconfigjson, or "
                + "username and password. For hf://: HF_TOKEN. For https://: username and "
                + "password, or headers (one `Name: value` a line). For a proxy that asks for "
                + "them: proxy-username and proxy-password. The operator cannot read the Secret.")
        @Required
        @Pattern(KubernetesNames.SUBDOMAIN)
        @Size(min = 1, max = KubernetesNames.LONGEST)
        String secretName) {}
