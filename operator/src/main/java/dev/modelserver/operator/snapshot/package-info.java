/** What the cluster shows of a ModelServer's objects, as one immutable snapshot. */
@NullMarked
package dev.modelserver.operator.snapshot;

import org.jspecify.annotations.NullMarked;
