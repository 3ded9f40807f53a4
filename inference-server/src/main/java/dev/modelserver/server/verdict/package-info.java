/** How a preflight ends: a reason and a sentence. */
@NullMarked
package dev.modelserver.server.verdict;

import org.jspecify.annotations.NullMarked;
