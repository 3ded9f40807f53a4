/** Every metric name and label, registered once. */
@NullMarked
package dev.modelserver.server.metrics;

import org.jspecify.annotations.NullMarked;
