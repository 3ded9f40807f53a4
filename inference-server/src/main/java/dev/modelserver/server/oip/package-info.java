/**
 * Requests of the Open Inference Protocol, version 2, however they are sent: what they may say,
 * with one limit and one sentence for each fault. HTTP and gRPC only frame the bytes.
 */
@NullMarked
package dev.modelserver.server.oip;

import org.jspecify.annotations.NullMarked;
