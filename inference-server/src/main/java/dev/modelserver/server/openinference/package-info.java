/**
 * The Open Inference Protocol, version 2, over HTTP, with the binary tensor, statistics and model
 * configuration extensions: translates, and leaves the rest to the inference service.
 */
@NullMarked
package dev.modelserver.server.openinference;

import org.jspecify.annotations.NullMarked;
