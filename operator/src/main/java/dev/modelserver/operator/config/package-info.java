/** The operator's own configuration; the only place that reads environment or properties. */
@NullMarked
package dev.modelserver.operator.config;

import org.jspecify.annotations.NullMarked;
