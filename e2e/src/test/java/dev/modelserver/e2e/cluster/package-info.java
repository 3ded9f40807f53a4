/**
 * The cluster that KUBECONFIG names, the operator installed in it, and the namespaces of the tests.
 */
@NullMarked
package dev.modelserver.e2e.cluster;

import org.jspecify.annotations.NullMarked;
