/**
 * What the graph proves about rows: that each row of every output depends on the same row of every
 * input alone, whatever other rows are computed with it.
 */
@NullMarked
package dev.modelserver.server.graph.independence;

import org.jspecify.annotations.NullMarked;
