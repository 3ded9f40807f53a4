/** How a request is refused before a model sees it, in words for its caller. */
@NullMarked
package dev.modelserver.server.failure;

import org.jspecify.annotations.NullMarked;
