/**
 * The Open Inference Protocol over gRPC, with the standard health and reflection services, on a
 * port of its own. The classes of the messages, in {@code wire}, are generated.
 */
@NullMarked
package dev.modelserver.server.grpc;

import org.jspecify.annotations.NullMarked;
