package dev.modelserver.server.config;

import java.time.Duration;

/**
 * How to serve.
 *
 * @param requestTimeout a client waits this long at most
 * @param threads inferences that run at once
 * @param drainDelay how long to go on answering after SIGTERM, while endpoints are told
 * @param batching how requests are merged
 */
public record ServingConfig(
    String logLevel,
    Duration requestTimeout,
    int threads,
    Duration drainDelay,
    BatchingConfig batching) {}
