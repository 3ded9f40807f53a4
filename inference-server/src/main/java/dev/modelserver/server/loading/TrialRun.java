package dev.modelserver.server.loading;

import dev.modelserver.server.onnx.RunOutputs;

/**
 * A run on inputs of the server's own making.
 *
 * @param rows how many rows its inputs had
 */
record TrialRun(int rows, RunOutputs outputs) {}
