/**
 * Mounted Secrets: a certificate with its key, and the tokens of clients. Read with limits, judged
 * with reasons, and never shown.
 */
@NullMarked
package dev.modelserver.server.secret;

import org.jspecify.annotations.NullMarked;
