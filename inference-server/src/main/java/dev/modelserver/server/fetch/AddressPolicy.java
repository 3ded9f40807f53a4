package dev.modelserver.server.fetch;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/**
 * Which addresses a model may be fetched from: a URI must not make the pod talk to itself, to its
 * node, or to the cloud's metadata service.
 */
@FunctionalInterface
public interface AddressPolicy {

  boolean allows(InetAddress address);

  /**
   * Refuses loopback, link-local (where metadata services live), unspecified and multicast
   * addresses; private ones are allowed, because a store in the cluster is private.
   */
  static AddressPolicy publicAndPrivate() {
    return given -> {
      InetAddress address = unwrapped(given);
      return !(address.isLoopbackAddress()
          || address.isLinkLocalAddress()
          || address.isAnyLocalAddress()
          || address.isMulticastAddress()
          || isMetadata(address)
          || isThisNetwork(address));
    };
  }

  /**
   * The IPv4 address inside forms of IPv6 that carry one, such as NAT64 and 6to4: they reach the
   * same host.
   */
  private static InetAddress unwrapped(InetAddress address) {
    byte[] bytes = address.getAddress();
    boolean nat64 =
        address instanceof Inet6Address
            && bytes[0] == 0
            && bytes[1] == 0x64
            && bytes[2] == (byte) 0xff
            && bytes[3] == (byte) 0x9b;
    boolean sixToFour = address instanceof Inet6Address && bytes[0] == 0x20 && bytes[1] == 0x02;
    boolean compatible =
        address instanceof Inet6Address v6
            && v6.isIPv4CompatibleAddress()
            && !address.isLoopbackAddress()
            && !address.isAnyLocalAddress();
    try {
      if (sixToFour) {
        return InetAddress.getByAddress(Arrays.copyOfRange(bytes, 2, 6));
      }
      return nat64 || compatible
          ? InetAddress.getByAddress(Arrays.copyOfRange(bytes, 12, 16))
          : address;
    } catch (UnknownHostException e) {
      throw new IllegalStateException("four bytes are an address", e);
    }
  }

  /** fd00:ec2::/32 of AWS, and single addresses of other clouds. */
  private static boolean isMetadata(InetAddress address) {
    byte[] bytes = address.getAddress();
    boolean aws =
        bytes.length == 16
            && bytes[0] == (byte) 0xfd
            && bytes[1] == 0
            && bytes[2] == 0x0e
            && bytes[3] == (byte) 0xc2;
    return aws
        || switch (address.getHostAddress().replaceFirst("%.*$", "")) {
          // Alibaba, Azure, Oracle, Google
          case "100.100.100.200", "168.63.129.16", "192.0.0.192", "fd20:ce:0:0:0:0:0:254" -> true;
          default -> false;
        };
  }

  /** 0.0.0.0/8 reaches the host itself on Linux. */
  private static boolean isThisNetwork(InetAddress address) {
    byte[] bytes = address.getAddress();
    return bytes.length == 4 && bytes[0] == 0;
  }
}
