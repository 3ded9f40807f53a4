/** The program: the choice between preflight and serve. */
@NullMarked
package dev.modelserver.server;

import org.jspecify.annotations.NullMarked;
