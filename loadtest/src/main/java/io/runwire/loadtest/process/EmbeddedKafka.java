package io.runwire.loadtest.process;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;

/**
 * A real Kafka broker, KRaft controller included, inside this process.
 *
 * <p>Started when {@link #start} returns; ready for clients within the second after. Thread-safe.
 */
public final class EmbeddedKafka implements AutoCloseable {
  /** The same for ever, so that a folder can be opened again. */
  private static final String CLUSTER_ID = "cnVud2lyZS1lbWJlZA";

  private static final int NODE = 1;

  private final String bootstrapServers;
  private final KafkaRaftServer server;
  private final Path folder;
  private final FolderLock lock;
  private final boolean temporary;
  private boolean closed;

  private EmbeddedKafka(
      String bootstrapServers,
      KafkaRaftServer server,
      Path folder,
      FolderLock lock,
      boolean temporary) {
    this.bootstrapServers = bootstrapServers;
    this.server = server;
    this.folder = folder;
    this.lock = lock;
    this.temporary = temporary;
  }

  /**
   * Starts a broker.
   *
   * @throws BrokerFailedException if its port is taken, or its folder is in use or not a broker's
   */
  public static EmbeddedKafka start(BrokerConfig config) {
    int port = port(config);
    boolean temporary = config.folder().isEmpty();
    Path folder = folder(config);
    FolderLock lock = claim(folder);
    try {
      Map<String, String> properties = properties(config, port, folder);
      format(folder, properties.getOrDefault("node.id", Integer.toString(NODE)));
      KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(properties), Time.SYSTEM);
      startUp(server);
      return new EmbeddedKafka(config.host() + ":" + port, server, folder, lock, temporary);
    } catch (Exception e) {
      release(lock);
      if (temporary) {
        FolderTree.delete(folder);
      }
      throw new BrokerFailedException(
          "Kafka did not start on " + config.host() + ":" + port + " in " + folder + ": " + e, e);
    }
  }

  public String bootstrapServers() {
    return bootstrapServers;
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    server.shutdown();
    server.awaitShutdown();
    release(lock);
    if (temporary) {
      FolderTree.delete(folder);
    }
  }

  private static void startUp(KafkaRaftServer server) throws Exception {
    try {
      server.startup();
    } catch (Exception e) { // Scala throws checked ones undeclared
      server.shutdown();
      throw e;
    }
  }

  private static Map<String, String> properties(BrokerConfig config, int port, Path folder) {
    String broker = "BROKER://" + config.host() + ":" + port;
    String controller = config.host() + ":" + freePort(config.host());
    Map<String, String> properties = new HashMap<>();
    properties.put("process.roles", "broker,controller");
    properties.put("node.id", Integer.toString(NODE));
    properties.put("log.dirs", folder.toString());
    properties.put("listeners", broker + ",CONTROLLER://" + controller);
    properties.put("advertised.listeners", broker);
    properties.put("listener.security.protocol.map", "BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT");
    properties.put("inter.broker.listener.name", "BROKER");
    properties.put("controller.listener.names", "CONTROLLER");
    properties.put("controller.quorum.voters", NODE + "@" + controller);
    KafkaCluster.letTheKernelSizeBuffers(properties);
    // One broker holds the only replica of everything.
    properties.put("default.replication.factor", "1");
    for (String internal :
        List.of("offsets.topic", "transaction.state.log", "share.coordinator.state.topic")) {
      properties.put(internal + ".replication.factor", "1");
      properties.put(internal + ".num.partitions", "1");
    }
    properties.put("transaction.state.log.min.isr", "1");
    properties.put("share.coordinator.state.topic.min.isr", "1");
    properties.put("auto.create.topics.enable", "false");
    // A lone consumer need not wait for others to join its group.
    properties.put("group.initial.rebalance.delay.ms", "0");
    // Positions outlive a folder that is put aside for longer than the default seven days.
    properties.put("offsets.retention.minutes", Integer.toString(10 * 365 * 24 * 60));
    // 128 MiB by default: heap that a small broker does not need.
    properties.put("log.cleaner.dedupe.buffer.size", "2097152");
    properties.putAll(config.properties());
    return properties;
  }

  private static void format(Path folder, String node) throws Exception {
    new Formatter()
        .setNodeId(Integer.parseInt(node))
        .setClusterId(CLUSTER_ID)
        .setControllerListenerName("CONTROLLER")
        .setDirectories(List.of(folder.toString()))
        .setMetadataLogDirectory(folder.toString())
        .setIgnoreFormatted(true)
        .setPrintStream(
            new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
        .run();
  }

  private static int port(BrokerConfig config) {
    if (config.port() == BrokerConfig.ANY_PORT) {
      return freePort(config.host());
    }
    try {
      return bind(config.host(), config.port());
    } catch (IOException e) {
      throw new BrokerFailedException(
          "Kafka port: "
              + config.host()
              + ":"
              + config.port()
              + " cannot be bound, "
              + e.getMessage()
              + " (expected: a free port)",
          e);
    }
  }

  private static int freePort(String host) {
    try {
      return bind(host, BrokerConfig.ANY_PORT);
    } catch (IOException e) {
      throw new BrokerFailedException("Kafka host: " + host + ": " + e.getMessage(), e);
    }
  }

  /** The port that could be bound just now. */
  private static int bind(String host, int port) throws IOException {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getByName(host), port));
      return socket.getLocalPort();
    }
  }

  private static Path folder(BrokerConfig config) {
    try {
      return config.folder().isPresent()
          ? Files.createDirectories(config.folder().get())
          : Files.createTempDirectory("runwire-kafka-");
    } catch (IOException e) {
      throw new BrokerFailedException("Kafka folder: cannot be made: " + e, e);
    }
  }

  private static FolderLock claim(Path folder) {
    try {
      return FolderLock.claim(folder);
    } catch (IOException e) {
      throw new BrokerFailedException("Kafka folder: " + folder + ": " + e.getMessage(), e);
    }
  }

  private static void release(FolderLock lock) {
    try {
      lock.close();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot release a lock", e);
    }
  }
}
