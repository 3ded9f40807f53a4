/** Who sends a request, by its token; the same for HTTP and gRPC. */
@NullMarked
package dev.modelserver.server.access;

import org.jspecify.annotations.NullMarked;
