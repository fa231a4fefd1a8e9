package io.runwire.deploy.quickstart;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How the quickstart is to run.
 *
 * @param port of the first edge; the processor takes the next one, the second edge the third above;
 *     the management ports stand 1,010 above; 0 for any free ports
 * @param kafkaPort 0 for any free one
 * @param data where Kafka and the router keep their data; empty for nowhere
 * @param folder what the demo agent reads
 */
public record QuickstartOptions(int port, int kafkaPort, Optional<Path> data, Path folder) {
  /** Partitions of the log, fixed for the life of a data folder. */
  public static final int PARTITIONS = 8;

  static final String HOST = "127.0.0.1";

  private static final int MANAGEMENT_ABOVE = 1_010;

  // Not two: its management port would be Kafka's 9092.
  private static final int SECOND_EDGE_ABOVE = 3;

  int edgePort(int index) {
    return port == 0 ? 0 : port + SECOND_EDGE_ABOVE * index;
  }

  int processorPort() {
    return port == 0 ? 0 : port + 1;
  }

  int managementPort(int publicPort) {
    return publicPort == 0 ? 0 : publicPort + MANAGEMENT_ABOVE;
  }
}
