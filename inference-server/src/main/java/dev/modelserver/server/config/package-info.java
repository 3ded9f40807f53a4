/** The only package that reads the environment and the configuration file. */
@NullMarked
package dev.modelserver.server.config;

import org.jspecify.annotations.NullMarked;
