/** Fetches a model, proves it is the one asked for and loadable, and reports. */
@NullMarked
package dev.modelserver.server.preflight;

import org.jspecify.annotations.NullMarked;
