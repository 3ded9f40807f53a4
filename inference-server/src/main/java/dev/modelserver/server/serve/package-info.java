/** Puts the server together and takes it down: load, listen, drain. */
@NullMarked
package dev.modelserver.server.serve;

import org.jspecify.annotations.NullMarked;
