package dev.modelserver.server.v1;

import dev.modelserver.server.tensor.Tensor;
import java.util.Map;

/**
 * What a caller asks the model about.
 *
 * @param count predictions in the answer
 */
record Instances(Map<String, Tensor> inputs, int count) {}
