/** What the inference server's HTTP stack costs without the inference server. */
@NullMarked
package dev.modelserver.bench.floor;

import org.jspecify.annotations.NullMarked;
