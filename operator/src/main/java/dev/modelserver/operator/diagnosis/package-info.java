/** Why a revision does not run well: causes, found in a snapshot by an ordered list of checks. */
@NullMarked
package dev.modelserver.operator.diagnosis;

import org.jspecify.annotations.NullMarked;
