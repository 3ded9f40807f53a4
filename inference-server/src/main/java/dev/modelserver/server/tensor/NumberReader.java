package dev.modelserver.server.tensor;

import com.fasterxml.jackson.core.io.NumberInput;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigDecimal;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * Reads JSON numbers out of UTF-8 bytes, eight digits at a time, as the nearest value of the type
 * wanted: no detour by a wider type that would round twice. Not for use by several threads.
 */
public final class NumberReader {

  /** Bytes of a number; longer ones are not read. */
  public static final int MAX_LENGTH = 100;

  /** So many decimal digits always fit into a long. */
  private static final int MAX_DIGITS = 18;

  /** Decimal digits that always fit into an unsigned long. */
  private static final int MAX_LONG_DIGITS = 19;

  private static final long TEN_TO_THE_19 = Long.parseUnsignedLong("10000000000000000000");

  /** More digits of an exponent only say zero or infinity. */
  private static final int MAX_EXPONENT_DIGITS = 5;

  private static final VarHandle EIGHT_BYTES =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** Powers of ten that a double holds exactly. */
  private static final double[] POWERS = {
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22
  };

  private static final long[] LONG_POWERS = {
    1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000
  };

  private final byte[] bytes;
  private final int end;
  private char[] text = {};

  private int start;
  private int position;
  private boolean negative;
  private boolean integer;
  private boolean exactDigits;
  private long digits;
  private long magnitude;
  private int exponent;

  /** Reads from {@code position} on, never at or beyond {@code end}. */
  public NumberReader(byte[] bytes, int position, int end) {
    this.bytes = bytes;
    this.position = position;
    this.end = end;
  }

  /** The first byte that is not read yet. */
  public int position() {
    return position;
  }

  /** Goes on reading somewhere else. */
  public void position(int next) {
    position = next;
  }

  /**
   * Reads over a number, whose value {@link #asFloat}, {@link #asDouble} and their like give until
   * the next call.
   *
   * @return false when there is no JSON number of at most 100 bytes; the position is then undefined
   */
  public boolean next() {
    byte[] b = bytes;
    int p = position;
    start = p;
    if (p >= end) {
      return false;
    }
    negative = b[p] == '-';
    if (negative) {
      p++;
    }
    int first = p;
    long value = 0;
    int digit;
    while (p < end && (digit = b[p] - '0') >= 0 && digit <= 9) {
      value = value * 10 + digit;
      p++;
    }
    int count = p - first;
    if (count == 0 || (count > 1 && b[first] == '0')) {
      return false;
    }
    int fraction = 0;
    integer = true;
    if (p < end && b[p] == '.') {
      integer = false;
      int from = ++p;
      while (p + 8 <= end) {
        long eight = (long) EIGHT_BYTES.get(b, p);
        int length = digitsOf(eight);
        if (length == 8) {
          value = value * 100_000_000 + eightDigits(eight);
          p += 8;
        } else {
          if (length > 0) {
            value = value * LONG_POWERS[length] + leadingDigits(eight, length);
            p += length;
          }
          break;
        }
      }
      while (p < end && (digit = b[p] - '0') >= 0 && digit <= 9) {
        value = value * 10 + digit;
        p++;
      }
      fraction = p - from;
      if (fraction == 0) {
        return false;
      }
    }
    exactDigits = count + fraction <= MAX_DIGITS || significantDigits(first, p) <= MAX_DIGITS;
    int power = 0;
    if (p < end && (b[p] == 'e' || b[p] == 'E')) {
      integer = false;
      p++;
      boolean down = p < end && b[p] == '-';
      if (down || (p < end && b[p] == '+')) {
        p++;
      }
      int from = p;
      while (p < end && (digit = b[p] - '0') >= 0 && digit <= 9) {
        power = p - from < MAX_EXPONENT_DIGITS ? power * 10 + digit : power;
        p++;
      }
      if (p == from) {
        return false;
      }
      exactDigits &= p - from <= MAX_EXPONENT_DIGITS;
      power = down ? -power : power;
    }
    digits = value;
    exponent = power - fraction;
    position = p;
    return p - start <= MAX_LENGTH;
  }

  /** Whether the number has neither a fraction nor an exponent. */
  public boolean isInteger() {
    return integer;
  }

  /** Whether the number has neither a fraction nor an exponent, and at most 18 digits. */
  public boolean isLong() {
    return integer && exactDigits;
  }

  /** The number, where {@link #isLong}. */
  public long asLong() {
    return negative ? -digits : digits;
  }

  /** The nearest float; infinite when there is none. */
  public float asFloat() {
    if (exactDigits) {
      if (digits == 0) {
        return negative ? -0f : 0f;
      }
      if (exponent >= -22 && exponent <= 22) {
        // two roundings at most, so at most two units away from the true value
        double near = exponent < 0 ? digits / POWERS[-exponent] : digits * POWERS[exponent];
        int belowFloat = (int) Double.doubleToRawLongBits(near) & 0x1FFF_FFFF;
        if (Math.abs(belowFloat - 0x1000_0000) > 4 && near >= Float.MIN_NORMAL) {
          // far enough from the middle between two floats: the true value rounds the same way
          return (float) (negative ? -near : near);
        }
      }
    }
    int length = copyText();
    return NumberInput.parseFloat(text, 0, length, true);
  }

  /** The nearest double; infinite when there is none. */
  public double asDouble() {
    if (exactDigits && digits < 1L << 53 && exponent >= -22 && exponent <= 22) {
      // both operands are exact, so the one rounding is the right one
      double value = exponent < 0 ? digits / POWERS[-exponent] : digits * POWERS[exponent];
      return negative ? -value : value;
    }
    int length = copyText();
    return NumberInput.parseDouble(text, 0, length, true);
  }

  /** The bits of the nearest FP16; those of an infinity when there is none. */
  public short asFloat16() {
    return Float.floatToFloat16(asOddFloat());
  }

  /** The bits of the nearest BF16; those of an infinity when there is none. */
  public short asBfloat16() {
    return Bfloat16.nearest(asOddFloat());
  }

  /**
   * Whether the number is an integer of at most 64 bits beside its sign: 65.0 and 6.5e1 are, too.
   * Then {@link #magnitude} is its absolute value.
   */
  public boolean isWhole() {
    magnitude = digits;
    if (isLong()) {
      return true;
    }
    if (!integer) {
      return isWholeDecimal();
    }
    int length = position - start - (negative ? 1 : 0);
    // of 20 digits only those from 10^19 to 2^64 are not beyond the range of a long without sign
    return length <= MAX_LONG_DIGITS
        || (length == MAX_LONG_DIGITS + 1
            && bytes[position - length] == '1'
            && Long.compareUnsigned(digits, TEN_TO_THE_19) >= 0);
  }

  /** The absolute value, without sign, where {@link #isWhole}. */
  public long magnitude() {
    return magnitude;
  }

  public boolean isNegative() {
    return negative;
  }

  /** The same for a number with a fraction or an exponent. */
  private boolean isWholeDecimal() {
    if (isZero()) {
      magnitude = 0;
      return true;
    }
    Optional<BigDecimal> exact = asDecimal();
    if (exact.isEmpty()
        || (long) exact.get().precision() - exact.get().scale() > MAX_LONG_DIGITS + 1) {
      return false;
    }
    BigDecimal plain = exact.get().abs().stripTrailingZeros();
    if (plain.scale() > 0 || plain.toBigIntegerExact().bitLength() > Long.SIZE) {
      return false;
    }
    magnitude = plain.toBigIntegerExact().longValue();
    return true;
  }

  /**
   * A float that rounds to any shorter type as the number itself does: of the two floats beside it
   * the one whose last bit is set, unless the number is a float.
   */
  private float asOddFloat() {
    double near = asDouble();
    float value = (float) near;
    if (Float.isInfinite(value) || near == 0) {
      return value;
    }
    int side = Double.compare(near, value);
    if (side == 0) {
      BigDecimal exact = asDecimal().orElseThrow();
      side = exact.compareTo(new BigDecimal(near));
    }
    boolean odd = (Float.floatToRawIntBits(value) & 1) != 0;
    return side == 0 || odd ? value : side > 0 ? Math.nextUp(value) : Math.nextDown(value);
  }

  /** The number itself; empty when its exponent is beyond that of any decimal. */
  private Optional<BigDecimal> asDecimal() {
    try {
      int length = copyText();
      return Optional.of(new BigDecimal(text, 0, length));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private boolean isZero() {
    for (int i = start; i < position && (bytes[i] | 0x20) != 'e'; i++) {
      if (bytes[i] >= '1' && bytes[i] <= '9') {
        return false;
      }
    }
    return true;
  }

  private int copyText() {
    int length = position - start;
    if (text.length == 0) {
      text = new char[MAX_LENGTH];
    }
    for (int i = 0; i < length; i++) {
      text[i] = (char) bytes[start + i];
    }
    return length;
  }

  private int significantDigits(int from, int to) {
    int p = from;
    while (p < to && (bytes[p] == '0' || bytes[p] == '.')) {
      p++;
    }
    int count = 0;
    for (; p < to; p++) {
      count += bytes[p] == '.' ? 0 : 1;
    }
    return count;
  }

  /** How many of the eight characters, from the lowest byte on, are digits before another one. */
  private static int digitsOf(long eight) {
    // a digit keeps its high half 3 both as it is and with 6 added
    long high =
        (eight & 0xF0F0_F0F0_F0F0_F0F0L)
            | (((eight + 0x0606_0606_0606_0606L) & 0xF0F0_F0F0_F0F0_F0F0L) >>> 4);
    long other = high ^ 0x3333_3333_3333_3333L;
    // a carry out of a byte that is no digit can only disturb the ones after it
    return other == 0 ? 8 : Long.numberOfTrailingZeros(other) >>> 3;
  }

  private static long leadingDigits(long eight, int length) {
    // leading zeros in place of what comes after the digits
    return eightDigits((eight << (64 - 8 * length)) | (0x3030_3030_3030_3030L >>> (8 * length)));
  }

  /** The value of eight digits, the first in the lowest byte: pairs, then fours, then all. */
  private static long eightDigits(long eight) {
    long pairs = ((eight & 0x0F0F_0F0F_0F0F_0F0FL) * 2561) >>> 8;
    long fours = ((pairs & 0x00FF_00FF_00FF_00FFL) * 6_553_601) >>> 16;
    return ((fours & 0x0000_FFFF_0000_FFFFL) * 42_949_672_960_001L) >>> 32;
  }
}
