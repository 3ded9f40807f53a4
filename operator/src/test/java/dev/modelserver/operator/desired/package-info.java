/** Tests of the package of this name. */
@NullMarked
package dev.modelserver.operator.desired;

import org.jspecify.annotations.NullMarked;
