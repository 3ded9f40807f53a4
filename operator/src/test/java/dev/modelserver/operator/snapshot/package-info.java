/** Tests of the package of this name. */
@NullMarked
package dev.modelserver.operator.snapshot;

import org.jspecify.annotations.NullMarked;
