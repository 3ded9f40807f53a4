package dev.modelserver.operator.reconcile;

import io.quarkus.logging.LoggingFilter;
import java.util.Objects;
import java.util.logging.Filter;
import java.util.logging.LogRecord;
import java.util.stream.Stream;

/**
 * Keeps what a pass could not write out of the framework's log: the framework takes the exception
 * that asks it to try again for one that nobody caught, while the reconciler has written a line.
 */
@LoggingFilter(name = "outcomes")
public final class OutcomeFilter implements Filter {
  @Override
  public boolean isLoggable(LogRecord line) {
    // The framework's metrics put it into an exception of their own.
    return Stream.iterate(line.getThrown(), Objects::nonNull, Throwable::getCause)
        .noneMatch(NotYet.class::isInstance);
  }
}
