package io.runwire.loadtest.process;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/**
 * One broker of a {@link KafkaCluster}, in a process of its own. SIGTERM ends it in good order, and
 * so does the end of its standard input: whoever started it is gone.
 */
final class BrokerMain {
  private static final String HOST = "127.0.0.1";

  private BrokerMain() {}

  /** {@code BrokerMain PORT FOLDER PROPERTIES}: the properties win over {@link EmbeddedKafka}'s. */
  public static void main(String[] args) throws Exception {
    if (args.length != 3) {
      System.err.println("usage: BrokerMain PORT FOLDER PROPERTIES");
      System.exit(2);
    }
    BrokerConfig config = BrokerConfig.temporary().withPort(Integer.parseInt(args[0]));
    config = config.withFolder(Path.of(args[1]));
    for (Map.Entry<String, String> property : read(Path.of(args[2])).entrySet()) {
      config = config.with(property.getKey(), property.getValue());
    }
    EmbeddedKafka kafka = EmbeddedKafka.start(config);
    Runtime.getRuntime().addShutdownHook(new Thread(kafka::close, "broker-stop"));
    System.err.println("broker on " + HOST + ":" + args[0]);
    while (System.in.read() >= 0) {
      // Nobody says anything; its end is what counts.
    }
    System.exit(0);
  }

  private static Map<String, String> read(Path file) throws IOException {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    }
    Map<String, String> read = new TreeMap<>();
    properties.stringPropertyNames().forEach(key -> read.put(key, properties.getProperty(key)));
    return read;
  }
}
