/**
 * Runs a model for the protocols: a bounded queue, a fixed pool, a deadline, and the ways to fail.
 */
@NullMarked
package dev.modelserver.server.inference;

import org.jspecify.annotations.NullMarked;
