/** A Prometheus and an Alertmanager, asked over HTTP, and what the chart's dashboards ask them. */
@NullMarked
package dev.modelserver.e2e.monitoring;

import org.jspecify.annotations.NullMarked;
