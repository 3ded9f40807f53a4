/** Tests of the package of this name. */
@NullMarked
package dev.modelserver.operator.apply;

import org.jspecify.annotations.NullMarked;
