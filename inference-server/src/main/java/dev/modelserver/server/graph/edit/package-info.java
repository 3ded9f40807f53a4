/** Changes to a model that exist only in memory, while it is loaded: the file stays as it is. */
@NullMarked
package dev.modelserver.server.graph.edit;

import org.jspecify.annotations.NullMarked;
