package dev.modelserver.server.robust;

import java.util.List;
import java.util.random.RandomGenerator;

/** Small random material. */
final class Chance {

  private Chance() {}

  static byte[] bytes(RandomGenerator random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  /** Printable ASCII without blanks. */
  static String word(RandomGenerator random, int length) {
    StringBuilder word = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      word.append((char) random.nextInt('!', '~' + 1));
    }
    return word.toString();
  }

  /** Lower-case letters. */
  static String letters(RandomGenerator random, int length) {
    StringBuilder word = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      word.append((char) random.nextInt('a', 'z' + 1));
    }
    return word.toString();
  }

  static <T> T one(RandomGenerator random, List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  static String one(RandomGenerator random, String... of) {
    return of[random.nextInt(of.length)];
  }

  /** The bytes with one to six of them changed, removed or doubled. */
  static byte[] mutated(RandomGenerator random, byte[] bytes) {
    byte[] result = bytes.clone();
    for (int i = random.nextInt(1, 7); i > 0 && result.length > 1; i--) {
      int at = random.nextInt(result.length);
      switch (random.nextInt(4)) {
        case 0 -> result[at] = (byte) random.nextInt(256);
        case 1 -> result[at] ^= (byte) (1 << random.nextInt(8));
        case 2 -> result = splice(result, at, at + 1, new byte[0]);
        default -> result = splice(result, at, at, new byte[] {result[at]});
      }
    }
    return result;
  }

  /** A true beginning of the bytes, at least one of them. */
  static byte[] cut(RandomGenerator random, byte[] bytes) {
    return java.util.Arrays.copyOf(bytes, random.nextInt(1, bytes.length));
  }

  private static byte[] splice(byte[] bytes, int from, int to, byte[] with) {
    return Http1.join(
        java.util.Arrays.copyOf(bytes, from),
        with,
        java.util.Arrays.copyOfRange(bytes, to, bytes.length));
  }
}
