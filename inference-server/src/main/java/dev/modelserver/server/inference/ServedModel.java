package dev.modelserver.server.inference;

import dev.modelserver.server.model.ModelDescription;
import dev.modelserver.server.model.ModelIdentity;
import dev.modelserver.server.model.OutputRoles;
import dev.modelserver.server.model.RowAxes;
import dev.modelserver.server.model.Signature;

/**
 * A model that answers.
 *
 * @param opset version of the default operator set; 0 when the file names none
 * @param roles what its outputs mean
 * @param axes where its outputs have their rows
 */
public record ServedModel(
    ModelIdentity identity,
    ModelDescription description,
    Signature signature,
    OutputRoles roles,
    RowAxes axes,
    long opset,
    InferenceService service) {}
