package dev.modelserver.server.rows;

import dev.modelserver.server.tensor.Tensor;
import java.util.Map;

/**
 * What a caller asks the model about.
 *
 * @param inputs a tensor for every input
 * @param count rows; answers to them
 * @param list whether the caller sent a list of rows, and so is answered with a list
 */
public record Rows(Map<String, Tensor> inputs, int count, boolean list) {}
