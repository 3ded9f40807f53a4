/** The /predict protocol: JSON features in, a named prediction out. */
@NullMarked
package dev.modelserver.server.predict;

import org.jspecify.annotations.NullMarked;
