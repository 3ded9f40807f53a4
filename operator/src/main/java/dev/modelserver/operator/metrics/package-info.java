/** What the operator tells Prometheus of ModelServers and of its own writes. */
@NullMarked
package dev.modelserver.operator.metrics;

import org.jspecify.annotations.NullMarked;
