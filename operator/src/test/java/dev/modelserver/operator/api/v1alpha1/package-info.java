/** Tests of the API types and the CRD generated from them. */
@NullMarked
package dev.modelserver.operator.api.v1alpha1;

import org.jspecify.annotations.NullMarked;
