package dev.modelserver.server.oip;

import org.jspecify.annotations.Nullable;

/**
 * An output that a request names.
 *
 * @param binary whether it is answered as binary data; null: as the request says for all outputs
 */
public record RequestedOutput(String name, @Nullable Boolean binary) {}
