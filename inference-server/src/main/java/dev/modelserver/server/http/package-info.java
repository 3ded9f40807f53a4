/** What every HTTP route needs: JSON answers, bounded bodies, one table of failures. */
@NullMarked
package dev.modelserver.server.http;

import org.jspecify.annotations.NullMarked;
