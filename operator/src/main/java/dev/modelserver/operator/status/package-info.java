/**
 * From what is wanted and what is observed to the status: conditions, reasons and sentences; pure.
 */
@NullMarked
package dev.modelserver.operator.status;

import org.jspecify.annotations.NullMarked;
