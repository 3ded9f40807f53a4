package dev.modelserver.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the model is about; each field overrides the same key of the ONNX metadata. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Description(
    @JsonPropertyDescription("Title for people.") @Size(max = 256) @Nullable String title,
    @JsonPropertyDescription("Data set the model was trained on.") @Size(max = 256)
        @Nullable String dataset,
    @JsonPropertyDescription("Accuracy measured on held-out data, 0 to 1.") @Min(0) @Max(1)
        @Nullable Double accuracy,
    @JsonPropertyDescription("Names of the classes, in the order of the model's class index.")
        @Size(max = 1000)
        @Nullable List<String> classes,
    @JsonPropertyDescription("Names of the input features, in the order of the model's input.")
        @Size(max = 1000)
        @Nullable List<String> features,
    @JsonPropertyDescription(
            "How an image becomes the model's input, for a model that classifies images: with it "
                + "/predict takes a JPEG or PNG file.")
        @Nullable ImageInput image) {}
