/**
 * Traces of requests, for OpenTelemetry; off unless the environment asks for them, and then nothing
 * of it is loaded.
 */
@NullMarked
package dev.modelserver.server.tracing;

import org.jspecify.annotations.NullMarked;
