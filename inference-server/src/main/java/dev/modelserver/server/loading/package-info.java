/** From a verified model file to a model that answers: the same for preflight and for serving. */
@NullMarked
package dev.modelserver.server.loading;

import org.jspecify.annotations.NullMarked;
