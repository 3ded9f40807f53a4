/**
 * Pure functions from a resolved ModelServer to the Kubernetes objects it wants; same input, same
 * bytes.
 */
@NullMarked
package dev.modelserver.operator.desired;

import org.jspecify.annotations.NullMarked;
