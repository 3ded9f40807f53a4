package dev.modelserver.local.node;

import java.util.Map;

/**
 * A pod that is ready for requests.
 *
 * @param pod name of the pod
 * @param namespace its namespace
 * @param labels its labels
 * @param port the port of its data plane on 127.0.0.1
 */
public record Endpoint(String pod, String namespace, Map<String, String> labels, int port) {}
