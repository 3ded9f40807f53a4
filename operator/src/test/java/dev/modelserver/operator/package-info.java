/** Tests of the operator as a whole, and what its tests share. */
@NullMarked
package dev.modelserver.operator;

import org.jspecify.annotations.NullMarked;
