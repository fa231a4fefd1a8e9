package io.runwire.edge.bounds;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

class NetworkTest {
  @Test
  void anIpv4AddressIsItself() throws UnknownHostException {
    assertThat(network("192.0.2.7")).hasToString("192.0.2.7");
    assertThat(network("::ffff:192.0.2.7")).isEqualTo(network("192.0.2.7"));
  }

  @Test
  void anIpv6AddressIsOneOfItsNetwork() throws UnknownHostException {
    assertThat(network("2001:db8:0:1::7")).isEqualTo(network("2001:db8:0:1:ffff::1"));
    assertThat(network("2001:db8:0:1::7")).isNotEqualTo(network("2001:db8:0:2::7"));
  }

  private static Network network(String literal) throws UnknownHostException {
    return Network.of(InetAddress.getByName(literal));
  }
}
