package dev.modelserver.server.fetch;

/**
 * How the store of one model is reached.
 *
 * @param hosts where files may come from, each redirect included
 * @param credentials what the model's credentials Secret has
 */
record StoreAccess(Network network, AllowedHosts hosts, StoreCredentials credentials) {}
