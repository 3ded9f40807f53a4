/**
 * Reads the rows and tensors of a request in JSON, for every protocol that is not about tensors
 * themselves: by position or by name, row by row or column by column.
 */
@NullMarked
package dev.modelserver.server.rows;

import org.jspecify.annotations.NullMarked;
