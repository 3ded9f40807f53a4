/**
 * An open-loop HTTP load that hides nothing: no retry, and every reset, timeout or wrong answer is
 * counted.
 */
@NullMarked
package dev.modelserver.e2e.load;

import org.jspecify.annotations.NullMarked;
