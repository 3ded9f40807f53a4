/** JSON as bytes: one reader and one writer for every protocol. */
@NullMarked
package dev.modelserver.server.json;

import org.jspecify.annotations.NullMarked;
