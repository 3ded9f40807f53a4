/**
 * The loop: observe, resolve, plan, desired, apply, status; the only package that knows the
 * operator framework.
 */
@NullMarked
package dev.modelserver.operator.reconcile;

import org.jspecify.annotations.NullMarked;
