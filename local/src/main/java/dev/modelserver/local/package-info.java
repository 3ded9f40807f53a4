/** The local run: one sample file, the operator and the inference server, without a cluster. */
@NullMarked
package dev.modelserver.local;

import org.jspecify.annotations.NullMarked;
