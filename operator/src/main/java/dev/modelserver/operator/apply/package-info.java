/**
 * Every write to the API server: server-side apply of what differs, deletes with preconditions,
 * status, events.
 */
@NullMarked
package dev.modelserver.operator.apply;

import org.jspecify.annotations.NullMarked;
