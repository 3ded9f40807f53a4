package dev.modelserver.server.config;

/**
 * How far a number of an answer may be from the expected one: at most {@code absolute + relative ×
 * |expected|}.
 *
 * @param absolute in the number's own unit
 * @param relative a share of the expected number
 * @param integers whether integers may differ too; where nobody asked for it they are labels,
 *     counts and indexes, and must be the same
 */
public record Tolerance(double absolute, double relative, boolean integers) {

  /**
   * What processors with other vector units make of the same 32-bit sums, with room to spare; far
   * less than a difference that changes what a model says.
   */
  public static final Tolerance DEFAULT = new Tolerance(1e-5, 1e-5, false);

  /** Whether a number is near enough. */
  public boolean allows(double expected, double given) {
    return Math.abs(given - expected) <= absolute + relative * Math.abs(expected);
  }
}
