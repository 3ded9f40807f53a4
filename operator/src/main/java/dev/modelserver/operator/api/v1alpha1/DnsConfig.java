package dev.modelserver.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** DNS settings of the pods, added to those of the policy. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DnsConfig(
    @JsonPropertyDescription("IP addresses of name servers.") @Size(max = 3)
        @Nullable List<String> nameservers,
    @JsonPropertyDescription("Domains in which short names are looked up.") @Size(max = 32)
        @Nullable List<String> searches,
    @JsonPropertyDescription("Options of the resolver.") @Size(max = 16)
        @Nullable List<Option> options) {

  /** An option of the resolver. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Option(
      @JsonPropertyDescription("Name of the option, for example ndots.")
          @Required
          @Size(min = 1, max = 63)
          String name,
      @JsonPropertyDescription("Its value, if it has one.") @Size(max = 63)
          @Nullable String value) {}
}
