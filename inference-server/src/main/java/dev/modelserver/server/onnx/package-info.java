/** The only package that knows ONNX Runtime: it owns and closes all native memory. */
@NullMarked
package dev.modelserver.server.onnx;

import org.jspecify.annotations.NullMarked;
