package dev.modelserver.server.inference;

import dev.modelserver.server.model.Labels;
import dev.modelserver.server.model.ModelDescription;
import dev.modelserver.server.model.ModelIdentity;
import dev.modelserver.server.model.Signature;
import org.jspecify.annotations.Nullable;

/**
 * A model that answers.
 *
 * @param opset version of the default operator set; 0 when the file names none
 * @param labels the labels of its ZipMap output; null when it has none
 */
public record ServedModel(
    ModelIdentity identity,
    ModelDescription description,
    Signature signature,
    long opset,
    @Nullable Labels labels,
    InferenceService service) {}
