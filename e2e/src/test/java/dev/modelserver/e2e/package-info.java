/**
 * End-to-end tests: the operator, the inference server and the chart on a real cluster, driven as a
 * user drives them.
 */
@NullMarked
package dev.modelserver.e2e;

import org.jspecify.annotations.NullMarked;
