package dev.modelserver.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A forward proxy. The configuration file of the server has the same members. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({"https", "noProxy"})
public record ModelProxy(
    @JsonPropertyDescription(
            "Address of the proxy for https, http://HOST:PORT, without a user or password: these "
                + "are the keys proxy-username and proxy-password of the Secret in "
                + "model.credentials.")
        @Required
        @Size(min = 8, max = LONGEST_ADDRESS)
        String https,
    @JsonPropertyDescription(
            "Hosts that are reached without the proxy: a host, *.DOMAIN or .DOMAIN for all below a "
                + "domain, an address, a range such as 10.0.0.0/8 (of addresses in a URI: no name "
                + "is looked up), or * for all. Absent: none.")
        @Size(max = MOST_EXCEPTIONS)
        @Nullable List<String> noProxy) {
  /** Characters that the address may have. */
  public static final int LONGEST_ADDRESS = 512;

  /** Hosts that may be excepted. */
  public static final int MOST_EXCEPTIONS = 64;

  /** One of them; of at most {@link KubernetesNames#LONGEST} characters. */
  public static final String EXCEPTION =
      "^[*]$|^([*]?[.])?[a-zA-Z0-9]([-.a-zA-Z0-9]*[a-zA-Z0-9])?$|^[0-9.]+(/[0-9]{1,2})?$|^[0-9a-fA-F:.]*:[0-9a-fA-F:.]*(/[0-9]{1,3})?$";
}
