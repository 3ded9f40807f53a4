/** Model files, good and bad, and a host in the test's own process that serves them. */
@NullMarked
package dev.modelserver.e2e.model;

import org.jspecify.annotations.NullMarked;
