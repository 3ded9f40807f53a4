/**
 * Requests and trials that end the process: what preflight tries in a process of its own, what is
 * recorded after a crash of the native library, and what is refused from then on.
 */
@NullMarked
package dev.modelserver.server.crash;

import org.jspecify.annotations.NullMarked;
