/**
 * The API server of a local run: an in-memory store that speaks enough Kubernetes for one operator.
 */
@NullMarked
package dev.modelserver.local.apiserver;

import org.jspecify.annotations.NullMarked;
