/** Tests of the package of this name. */
@NullMarked
package dev.modelserver.operator.diagnosis;

import org.jspecify.annotations.NullMarked;
