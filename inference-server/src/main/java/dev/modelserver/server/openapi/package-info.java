/** The OpenAPI document of the loaded model and the page that shows it. */
@NullMarked
package dev.modelserver.server.openapi;

import org.jspecify.annotations.NullMarked;
