/**
 * The operator, as a process of its own, against a real API server through a proxy that makes
 * faults: killed at any write, its answers lost, its watches cut, delayed, repeated, incomplete.
 * docs/faults.md tells more.
 */
@NullMarked
package dev.modelserver.operator.faults;

import org.jspecify.annotations.NullMarked;
