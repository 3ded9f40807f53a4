/** Text of others, made fit to be shown. */
@NullMarked
package dev.modelserver.server.text;

import org.jspecify.annotations.NullMarked;
