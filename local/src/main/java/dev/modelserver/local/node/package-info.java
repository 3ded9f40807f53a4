/**
 * The node of a local run: makes pods of Deployments and runs each pod as processes of this
 * machine.
 */
@NullMarked
package dev.modelserver.local.node;

import org.jspecify.annotations.NullMarked;
