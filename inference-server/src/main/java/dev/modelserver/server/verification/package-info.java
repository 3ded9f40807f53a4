/** Golden requests: asked before a model may take traffic, through the same path as /predict. */
@NullMarked
package dev.modelserver.server.verification;

import org.jspecify.annotations.NullMarked;
