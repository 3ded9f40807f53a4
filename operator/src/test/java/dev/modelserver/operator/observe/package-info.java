/** Tests of the package of this name. */
@NullMarked
package dev.modelserver.operator.observe;

import org.jspecify.annotations.NullMarked;
