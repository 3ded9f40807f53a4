/** Tests of the package of this name. */
@NullMarked
package dev.modelserver.operator.revision;

import org.jspecify.annotations.NullMarked;
