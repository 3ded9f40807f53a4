package dev.modelserver.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A rule that changes labels or drops what has them, as in a ServiceMonitor. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Relabeling(
    @JsonPropertyDescription("Labels whose values the rule reads, joined by the separator.")
        @Size(max = 64)
        @Nullable List<String> sourceLabels,
    @JsonPropertyDescription("What stands between the values. Absent: ;.") @Size(max = 64)
        @Nullable String separator,
    @JsonPropertyDescription("Label that gets the result.") @Size(max = 256)
        @Nullable String targetLabel,
    @JsonPropertyDescription("Regular expression (RE2) for the value. Absent: (.*).")
        @Size(max = 1024)
        @Nullable String regex,
    @JsonPropertyDescription("Modulus of the hash, for hashmod.") @Min(1) @Max(2147483647)
        @Nullable Integer modulus,
    @JsonPropertyDescription("The result; $1 is the first group of the expression. Absent: $1.")
        @Size(max = 1024)
        @Nullable String replacement,
    @JsonPropertyDescription(
            "What the rule does: replace, keep, drop, hashmod, labelmap, labeldrop, labelkeep, lowercase, uppercase, keepequal or dropequal. Absent: replace.")
        @Pattern(
            "^(replace|keep|drop|hashmod|labelmap|labeldrop|labelkeep|lowercase|uppercase|keepequal|dropequal)$")
        @Size(max = 16)
        @Nullable String action) {}
