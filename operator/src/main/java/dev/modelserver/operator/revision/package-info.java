/**
 * Revisions: rendered once, kept as ControllerRevisions, found again by the hash of the user's own
 * fields.
 */
@NullMarked
package dev.modelserver.operator.revision;

import org.jspecify.annotations.NullMarked;
