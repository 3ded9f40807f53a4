/**
 * What others rely on by name: labels, annotations, ports, field managers, and the names of the
 * objects of a ModelServer. Depends on no other package of the operator.
 */
@NullMarked
package dev.modelserver.operator.names;

import org.jspecify.annotations.NullMarked;
