package dev.modelserver.server.predict;

import dev.modelserver.server.tensor.Tensor;
import java.util.Map;

/**
 * What a caller asks the model about.
 *
 * @param inputs a tensor for every input
 * @param batch whether the caller sent a list of rows, and so is answered with a list
 */
public record Features(Map<String, Tensor> inputs, int rows, boolean batch) {}
