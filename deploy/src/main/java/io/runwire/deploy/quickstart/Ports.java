package io.runwire.deploy.quickstart;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** Looks whether ports are free before anything is started, so that the error is one clear line. */
final class Ports {
  private Ports() {}

  /**
   * @param option the option that would choose another port
   * @throws PortTakenException if somebody listens there
   */
  static void requireFree(int port, String option) {
    if (port == 0) {
      return;
    }
    try (ServerSocket probe =
        new ServerSocket(port, 1, InetAddress.getByName(QuickstartOptions.HOST))) {
      probe.setReuseAddress(true);
    } catch (IOException e) {
      throw new PortTakenException(port, option);
    }
  }

  /** A port that is needed is in use. */
  static final class PortTakenException extends IllegalStateException {
    PortTakenException(int port, String option) {
      super("port " + port + " is taken; choose another one with " + option);
    }
  }
}
