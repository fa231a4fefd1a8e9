package io.runwire.loadtest.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports for processes that are stopped and started again under the same address. They lie below the
 * range from which systems take ports for outgoing connections, so that none is gone meanwhile.
 */
public final class Ports {
  private static final int LOWEST = 15_000;
  private static final int HIGHEST = 32_000;
  private static final int TRIES = 1_000;

  private static final Set<Integer> given = new HashSet<>();

  private Ports() {}

  /**
   * A port that is free, and that this process was not given before.
   *
   * @throws IllegalStateException if hardly any port is free
   */
  public static synchronized int next() {
    for (int i = 0; i < TRIES; i++) {
      int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
      if (!given.contains(port) && free(port)) {
        given.add(port);
        return port;
      }
    }
    throw new IllegalStateException("no free port in " + LOWEST + ".." + HIGHEST);
  }

  private static boolean free(int port) {
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException taken) {
      return false;
    }
  }
}
