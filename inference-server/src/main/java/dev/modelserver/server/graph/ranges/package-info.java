/** Which values the inputs of a model take, as far as its graph tells. */
@NullMarked
package dev.modelserver.server.graph.ranges;

import org.jspecify.annotations.NullMarked;
