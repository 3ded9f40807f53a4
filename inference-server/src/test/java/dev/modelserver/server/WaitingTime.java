package dev.modelserver.server;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The longest wait for a condition, for all tests of this module: 60 s, since Awaitility's own 10 s
 * are too few for a new process on a busy machine. A test of a time limit sets its own. JUnit loads
 * this class itself ({@code junit-platform.properties}).
 */
public final class WaitingTime implements BeforeAllCallback {

  private static final Duration LIMIT = Duration.ofSeconds(60);

  @Override
  public void beforeAll(ExtensionContext context) {
    Awaitility.setDefaultTimeout(LIMIT);
  }
}
