/**
 * The V1 protocol of KServe and TensorFlow Serving: rows are {@code instances}, answers are {@code
 * predictions}. Reads rows as {@code /predict} does.
 */
@NullMarked
package dev.modelserver.server.v1;

import org.jspecify.annotations.NullMarked;
