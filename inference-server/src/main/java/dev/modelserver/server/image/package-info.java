/**
 * JPEG and PNG files as tensors: found in the request, decoded row by row, resized and normalised
 * as the model's description says. Only {@code JpegRows} touches {@code java.desktop}, so that a
 * model without images never loads it.
 */
@NullMarked
package dev.modelserver.server.image;

import org.jspecify.annotations.NullMarked;
