/**
 * What one TCP connection may do, before any route sees a request: how many there are, how a head
 * looks and how long it takes, how many requests wait behind each other.
 */
@NullMarked
package dev.modelserver.server.connection;

import org.jspecify.annotations.NullMarked;
