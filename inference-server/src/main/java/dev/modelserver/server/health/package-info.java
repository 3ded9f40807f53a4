/** Whether the process lives and whether it may be sent requests. */
@NullMarked
package dev.modelserver.server.health;

import org.jspecify.annotations.NullMarked;
