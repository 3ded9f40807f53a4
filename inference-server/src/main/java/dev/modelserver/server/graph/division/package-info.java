/**
 * Divisions of integers that end the process: the smallest 32 or 64-bit number divided by -1 has no
 * result, and the processor stops a program that asks for it.
 */
@NullMarked
package dev.modelserver.server.graph.division;

import org.jspecify.annotations.NullMarked;
