/** Malformed requests, slow clients, overload and restarts against real processes of the server. */
@NullMarked
package dev.modelserver.server.robust;

import org.jspecify.annotations.NullMarked;
