package dev.modelserver.server.preflight;

/** The process that tried a model was killed, or ended for want of memory. */
final class TrialKilledException extends Exception {

  private final int exitCode;

  TrialKilledException(int exitCode) {
    super("the trial process ended with " + exitCode);
    this.exitCode = exitCode;
  }

  int exitCode() {
    return exitCode;
  }
}
