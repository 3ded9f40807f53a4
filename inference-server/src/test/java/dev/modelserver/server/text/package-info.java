/** Tests of text of others. */
@NullMarked
package dev.modelserver.server.text;

import org.jspecify.annotations.NullMarked;
