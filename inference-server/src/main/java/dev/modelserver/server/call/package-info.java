/** The way of an inference request through the server, whatever transport it came by. */
@NullMarked
package dev.modelserver.server.call;

import org.jspecify.annotations.NullMarked;
