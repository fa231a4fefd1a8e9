package io.runwire.loadtest.process;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How an {@link EmbeddedKafka} is to run.
 *
 * @param host the interface that it binds and advertises
 * @param port of the broker; {@link #ANY_PORT} for any free one
 * @param folder where its data stays; without one it keeps them in a temporary folder that goes
 *     away with it
 * @param properties further broker properties; they win over its own
 */
public record BrokerConfig(
    String host, int port, Optional<Path> folder, Map<String, String> properties) {
  public static final int ANY_PORT = 0;

  public BrokerConfig {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port: " + port + " (expected: 0..65535)");
    }
    properties = Map.copyOf(properties);
  }

  /** On loopback, on any free port, its data gone afterwards. */
  public static BrokerConfig temporary() {
    return new BrokerConfig("127.0.0.1", ANY_PORT, Optional.empty(), Map.of());
  }

  public BrokerConfig withPort(int port) {
    return new BrokerConfig(host, port, folder, properties);
  }

  public BrokerConfig withFolder(Path folder) {
    return new BrokerConfig(host, port, Optional.of(folder), properties);
  }

  public BrokerConfig with(String property, String value) {
    Map<String, String> more = new TreeMap<>(properties);
    more.put(property, value);
    return new BrokerConfig(host, port, folder, more);
  }
}
