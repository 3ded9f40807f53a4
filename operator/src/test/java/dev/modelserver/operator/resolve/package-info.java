/** Tests of the package of this name. */
@NullMarked
package dev.modelserver.operator.resolve;

import org.jspecify.annotations.NullMarked;
