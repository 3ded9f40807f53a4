/** What a model is to its callers: name, digest, signature, description. */
@NullMarked
package dev.modelserver.server.model;

import org.jspecify.annotations.NullMarked;
