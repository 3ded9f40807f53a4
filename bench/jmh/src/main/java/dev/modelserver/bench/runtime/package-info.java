/** ONNX Runtime from Java by itself: what a call costs in each of the ways there are. */
@NullMarked
package dev.modelserver.bench.runtime;

import org.jspecify.annotations.NullMarked;
