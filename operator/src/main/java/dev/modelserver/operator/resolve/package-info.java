/**
 * From a ModelServer and the operator's configuration to one value with nothing optional left, or
 * the problems that prevent it.
 */
@NullMarked
package dev.modelserver.operator.resolve;

import org.jspecify.annotations.NullMarked;
