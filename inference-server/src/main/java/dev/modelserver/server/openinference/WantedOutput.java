package dev.modelserver.server.openinference;

import org.jspecify.annotations.Nullable;

/**
 * An output that a request names.
 *
 * @param binary whether it is answered as binary data; null: as the request says for all outputs
 */
record WantedOutput(String name, @Nullable Boolean binary) {}
