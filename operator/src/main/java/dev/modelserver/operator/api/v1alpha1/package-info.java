/** The API types of the ModelServer resource: records without logic and without defaults. */
@NullMarked
package dev.modelserver.operator.api.v1alpha1;

import org.jspecify.annotations.NullMarked;
