/** What paths mean below a prefix, and without one; of our own packages it knows none. */
@NullMarked
package dev.modelserver.server.routing;

import org.jspecify.annotations.NullMarked;
