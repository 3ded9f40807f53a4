/** Tests of the operator's configuration. */
@NullMarked
package dev.modelserver.operator.config;

import org.jspecify.annotations.NullMarked;
