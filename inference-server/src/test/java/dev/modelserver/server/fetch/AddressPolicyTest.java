package dev.modelserver.server.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressPolicyTest {

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, false",
    "127.9.9.9, false",
    "::1, false",
    "::ffff:127.0.0.1, false",
    "64:ff9b::7f00:1, false",
    "0.0.0.0, false",
    "0.1.2.3, false",
    "::, false",
    "169.254.169.254, false",
    "::ffff:169.254.169.254, false",
    "fe80::1, false",
    "fd00:ec2::254, false",
    "fd00:ec2:1::5, false",
    "fd20:ce::254, false",
    "100.100.100.200, false",
    "168.63.129.16, false",
    "192.0.0.192, false",
    "2002:7f00:1::, false",
    "2002:a9fe:a9fe::1, false",
    "2002:5db8:d822::1, true",
    "fd20:ce::255, true",
    "224.0.0.1, false",
    "10.1.2.3, true",
    "192.168.1.1, true",
    "fd12::1, true",
    "93.184.216.34, true",
  })
  void judges(String address, boolean allowed) throws UnknownHostException {
    assertThat(AddressPolicy.publicAndPrivate().allows(InetAddress.getByName(address)))
        .isEqualTo(allowed);
  }
}
