/**
 * Tensors as values: neutral to the protocol they came by and to the runtime that computes them.
 */
@NullMarked
package dev.modelserver.server.tensor;

import org.jspecify.annotations.NullMarked;
