/** Brings the files of a model from where they lie into the model's directory. */
@NullMarked
package dev.modelserver.server.fetch;

import org.jspecify.annotations.NullMarked;
