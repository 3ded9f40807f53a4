package dev.modelserver.server.fetch;

import java.net.InetAddress;
import java.util.Optional;

/**
 * A network of addresses.
 *
 * @param bits how many of the address's first bits all addresses of the network share
 */
record Cidr(InetAddress address, int bits) {

  /** Reads {@code 10.0.0.0/8} or {@code fd00::/8}; empty for anything else. */
  static Optional<Cidr> of(String text) {
    int slash = text.indexOf('/');
    try {
      InetAddress address = InetAddress.ofLiteral(text.substring(0, Math.max(0, slash)));
      int bits = Integer.parseInt(text.substring(slash + 1));
      return bits >= 0 && bits <= 8 * address.getAddress().length
          ? Optional.of(new Cidr(address, bits))
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Whether a host is an address of it; a name is none. */
  boolean contains(String host) {
    byte[] other;
    try {
      other = InetAddress.ofLiteral(host).getAddress();
    } catch (IllegalArgumentException e) {
      return false;
    }
    byte[] own = address.getAddress();
    if (own.length != other.length) {
      return false;
    }
    for (int bit = 0; bit < bits; bit++) {
      int mask = 0x80 >> (bit % 8);
      if ((own[bit / 8] & mask) != (other[bit / 8] & mask)) {
        return false;
      }
    }
    return true;
  }
}
