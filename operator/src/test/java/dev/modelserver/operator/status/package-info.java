/** Tests of the package of this name. */
@NullMarked
package dev.modelserver.operator.status;

import org.jspecify.annotations.NullMarked;
