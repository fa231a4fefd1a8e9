package io.runwire.loadtest.drive;

import java.net.InetAddress;
import java.util.List;

/**
 * What the sockets of a fleet have in common.
 *
 * @param from local addresses, used in turn: each of them has some 28,000 ports
 * @param receiveBufferBytes the kernel's, set before connecting; 0 leaves it to the kernel. A small
 *     one makes a reader that stops a zero-window reader at once
 * @param readBytesPerSecond how fast a socket is read at most; 0 is as fast as it comes
 */
record LineOptions(List<InetAddress> from, int receiveBufferBytes, int readBytesPerSecond) {
  LineOptions {
    from = List.copyOf(from);
    if (from.isEmpty()) {
      throw new IllegalArgumentException("from-address: none (expected: at least one)");
    }
  }
}
