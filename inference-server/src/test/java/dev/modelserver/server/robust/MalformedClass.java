package dev.modelserver.server.robust;

import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * One way of being malformed.
 *
 * @param share every how many-th request of a run is sent: 1 for cheap ones
 * @param generator makes a request out of chance; the same chance makes the same request
 */
record MalformedClass(String name, int share, Function<RandomGenerator, Trial> generator) {

  /** Must be refused. */
  static MalformedClass refused(String name, Function<RandomGenerator, Attempt> generator) {
    return http1(name, Http1Trial.Due.REFUSAL, 1, generator);
  }

  /** Refused or served: some of it happens to be valid, or the standard leaves it open. */
  static MalformedClass either(String name, Function<RandomGenerator, Attempt> generator) {
    return http1(name, Http1Trial.Due.ANSWER, 1, generator);
  }

  /** Odd but right: must be served. */
  static MalformedClass served(String name, Function<RandomGenerator, Attempt> generator) {
    return http1(name, Http1Trial.Due.SUCCESS, 1, generator);
  }

  /** The same, for few of the requests only because each costs much. */
  MalformedClass costly(int every) {
    return new MalformedClass(name, every, generator);
  }

  private static MalformedClass http1(
      String name, Http1Trial.Due due, int share, Function<RandomGenerator, Attempt> generator) {
    return new MalformedClass(name, share, random -> new Http1Trial(generator.apply(random), due));
  }
}
