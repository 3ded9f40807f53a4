/** Tests of the package of this name. */
@NullMarked
package dev.modelserver.operator.metrics;

import org.jspecify.annotations.NullMarked;
