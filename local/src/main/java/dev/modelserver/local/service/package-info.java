/** The Service of a local run: one port that spreads connections over the ready pods. */
@NullMarked
package dev.modelserver.local.service;

import org.jspecify.annotations.NullMarked;
