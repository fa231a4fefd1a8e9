package io.runwire.edge.bounds;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/**
 * Where a client comes from, as far as it can be held to it: its IPv4 address, or the /64 of its
 * IPv6 address, since whoever has one address of a /64 has them all (RFC 6177).
 */
public record Network(String text) {
  private static final int PREFIX_BYTES = 8;

  public static Network of(InetAddress address) {
    if (!(address instanceof Inet6Address)) {
      return new Network(address.getHostAddress());
    }
    try {
      byte[] prefix = Arrays.copyOf(Arrays.copyOf(address.getAddress(), PREFIX_BYTES), 16);
      return new Network(InetAddress.getByAddress(prefix).getHostAddress() + "/64");
    } catch (UnknownHostException e) {
      throw new IllegalStateException("sixteen bytes are an address", e);
    }
  }

  @Override
  public String toString() {
    return text;
  }
}
