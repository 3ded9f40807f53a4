/** Tests of the package of this name. */
@NullMarked
package dev.modelserver.operator.reconcile;

import org.jspecify.annotations.NullMarked;
