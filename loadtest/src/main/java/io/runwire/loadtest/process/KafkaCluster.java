package io.runwire.loadtest.process;

import java.io.IOException;
import java.io.Writer;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.TopicPartitionInfo;

/**
 * One broker, or three with every record on all of them, each a process of its own.
 *
 * <p>Whoever is to be cut off from Kafka gets a <i>lane</i>: a listener of its own on each broker,
 * advertised under the address of a {@link TcpProxy}. All others connect directly. Thread-safe.
 */
public final class KafkaCluster implements AutoCloseable {
  private static final Duration READY_WITHIN = Duration.ofSeconds(120);

  /** Longer than it takes a member to hear that it is none: some heartbeats. */
  private static final Duration STABLE_FOR = Duration.ofSeconds(2);

  private static final String HOST = "127.0.0.1";
  private static final String HEAP = "512m";

  /** A broker that is gone is noticed in 2 s instead of 9 s. */
  private static final Map<String, String> FAST_FAILOVER =
      Map.of("broker.session.timeout.ms", "2000", "broker.heartbeat.interval.ms", "250");

  private final List<ChildProcess> brokers = new ArrayList<>();
  private final Map<String, List<TcpProxy>> lanes = new HashMap<>();
  private final List<Integer> ports = new ArrayList<>();
  private final Admin admin;

  private KafkaCluster(
      ProcessGroup group,
      Path folder,
      Path logs,
      int count,
      List<String> laneNames,
      List<String> jvmOptions)
      throws IOException {
    List<Integer> controllers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ports.add(Ports.next());
      controllers.add(Ports.next());
    }
    String voters = "";
    for (int i = 0; i < count; i++) {
      voters += (i == 0 ? "" : ",") + node(i) + "@" + HOST + ":" + controllers.get(i);
    }
    for (int i = 0; i < count; i++) {
      Map<String, String> properties = settings(count);
      properties.put("node.id", node(i));
      properties.put("controller.quorum.voters", voters);
      listen(properties, ports.get(i), controllers.get(i), laneNames);
      Path data = Files.createDirectories(folder.resolve("broker-" + node(i)));
      Path file = folder.resolve("broker-" + node(i) + ".properties");
      write(properties, file);
      List<String> command =
          Program.java(
              HEAP,
              jvmOptions,
              BrokerMain.class.getName(),
              List.of(ports.get(i).toString(), data.toString(), file.toString()));
      String name = "broker-" + node(i);
      brokers.add(group.add(new Program(name, command, logs.resolve(name + ".log"))));
    }
    admin =
        Admin.create(
            Map.of(
                "bootstrap.servers", bootstrapServers(),
                "default.api.timeout.ms", "10000",
                "request.timeout.ms", "5000",
                "reconnect.backoff.max.ms", "200"));
  }

  /**
   * Starts the brokers and waits until they answer.
   *
   * @param count 1 or 3
   * @param lanes names for those who are not to connect directly, upper case
   */
  public static KafkaCluster start(
      ProcessGroup group, Path folder, Path logs, int count, List<String> lanes)
      throws IOException, InterruptedException, TimeoutException {
    return start(group, folder, logs, count, lanes, List.of());
  }

  /**
   * Likewise.
   *
   * @param jvmOptions of the brokers, beside those that all programs get; they win
   */
  public static KafkaCluster start(
      ProcessGroup group,
      Path folder,
      Path logs,
      int count,
      List<String> lanes,
      List<String> jvmOptions)
      throws IOException, InterruptedException, TimeoutException {
    if (count != 1 && count != 3) {
      throw new IllegalArgumentException("brokers: " + count + " (expected: 1 or 3)");
    }
    KafkaCluster cluster = new KafkaCluster(group, folder, logs, count, lanes, jvmOptions);
    cluster.brokers.forEach(ChildProcess::start);
    cluster.awaitReady();
    return cluster;
  }

  /** For those who connect directly. */
  public String bootstrapServers() {
    return ports.stream().map(port -> HOST + ":" + port).collect(Collectors.joining(","));
  }

  /** For those who come by a lane. */
  public String bootstrapServers(String lane) {
    return lane(lane).stream()
        .map(proxy -> HOST + ":" + proxy.port())
        .collect(Collectors.joining(","));
  }

  /** The proxies of a lane, one per broker. */
  public List<TcpProxy> lane(String name) {
    List<TcpProxy> proxies = lanes.get(name);
    if (proxies == null) {
      throw new IllegalArgumentException(
          "no lane " + name + " (there are: " + lanes.keySet() + ")");
    }
    return proxies;
  }

  public List<ChildProcess> brokers() {
    return List.copyOf(brokers);
  }

  public short replicationFactor() {
    return (short) brokers.size();
  }

  public Admin admin() {
    return admin;
  }

  /** The broker that leads a partition. */
  public ChildProcess leader(String topic, int partition)
      throws InterruptedException, ExecutionException {
    TopicDescription description =
        admin.describeTopics(List.of(topic)).allTopicNames().get().values().iterator().next();
    return brokers.get(description.partitions().get(partition).leader().id() - 1);
  }

  /** The broker whose controller leads the quorum. */
  public ChildProcess controller() throws InterruptedException, ExecutionException {
    return brokers.get(admin.describeMetadataQuorum().quorumInfo().get().leaderId() - 1);
  }

  /** Returns when all brokers are there and every replica of every partition is in sync. */
  public void awaitReady() throws InterruptedException, TimeoutException {
    Await.until("Kafka is whole", READY_WITHIN, this::whole);
  }

  /** Returns when all groups have had all their members at work for a while. */
  public void awaitGroupsStable() throws InterruptedException, TimeoutException {
    long[] sinceNs = {System.nanoTime()};
    Await.until(
        "groups are stable",
        READY_WITHIN,
        () -> {
          long beganNs = sinceNs[0];
          sinceNs[0] = System.nanoTime(); // also where there is no answer
          if (groupsStable()) {
            sinceNs[0] = beganNs;
          }
          return System.nanoTime() - sinceNs[0] >= STABLE_FOR.toNanos();
        });
  }

  private boolean groupsStable() throws InterruptedException, ExecutionException {
    return admin.listGroups().all().get().stream()
        .allMatch(group -> group.groupState().equals(Optional.of(GroupState.STABLE)));
  }

  @Override
  public void close() {
    admin.close(Duration.ZERO);
    lanes.values().forEach(proxies -> proxies.forEach(TcpProxy::close));
  }

  private boolean whole() throws InterruptedException, ExecutionException, IOException {
    for (int port : ports) {
      // The others may not have noticed yet that a broker is gone: ask each.
      new Socket(HOST, port).close();
    }
    if (admin.describeCluster().nodes().get().size() < brokers.size()) {
      return false;
    }
    return admin
        .describeTopics(admin.listTopics().names().get())
        .allTopicNames()
        .get()
        .values()
        .stream()
        .flatMap(topic -> topic.partitions().stream())
        .allMatch(KafkaCluster::inSync);
  }

  private static boolean inSync(TopicPartitionInfo partition) {
    return partition.leader() != null && partition.isr().size() == partition.replicas().size();
  }

  private static String node(int index) {
    return Integer.toString(index + 1);
  }

  private static Map<String, String> settings(int count) {
    Map<String, String> settings = new HashMap<>();
    if (count > 1) {
      settings.putAll(FAST_FAILOVER);
      settings.put("default.replication.factor", Integer.toString(count));
      for (String internal :
          List.of("offsets.topic", "transaction.state.log", "share.coordinator.state.topic")) {
        settings.put(internal + ".replication.factor", Integer.toString(count));
      }
      settings.put("min.insync.replicas", Integer.toString(count - 1));
    }
    return settings;
  }

  /**
   * Into the 64 and 100 KiB that are Kafka's defaults some kernels drop what they had said they
   * would take, and it comes again after 200 ms and more.
   */
  static void letTheKernelSizeBuffers(Map<String, String> properties) {
    properties.put("socket.receive.buffer.bytes", "-1");
    properties.put("socket.send.buffer.bytes", "-1");
    properties.put("replica.socket.receive.buffer.bytes", "-1");
  }

  private void listen(
      Map<String, String> properties, int port, int controller, List<String> laneNames) {
    String direct = "BROKER://" + HOST + ":" + port;
    StringBuilder listeners = new StringBuilder(direct);
    StringBuilder advertised = new StringBuilder(direct);
    StringBuilder protocols = new StringBuilder("BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT");
    for (String lane : laneNames) {
      int behind = Ports.next();
      TcpProxy proxy = TcpProxy.open(Ports.next(), behind);
      lanes.computeIfAbsent(lane, name -> new ArrayList<>()).add(proxy);
      listeners.append(",").append(lane).append("://").append(HOST).append(":").append(behind);
      advertised.append(",").append(lane).append("://").append(HOST).append(":");
      advertised.append(proxy.port());
      protocols.append(",").append(lane).append(":PLAINTEXT");
    }
    properties.put(
        "listeners", listeners.append(",CONTROLLER://" + HOST + ":" + controller).toString());
    properties.put("advertised.listeners", advertised.toString());
    properties.put("listener.security.protocol.map", protocols.toString());
    letTheKernelSizeBuffers(properties);
  }

  private static void write(Map<String, String> settings, Path file) throws IOException {
    Properties properties = new Properties();
    properties.putAll(settings);
    try (Writer out = Files.newBufferedWriter(file)) {
      properties.store(out, null);
    }
  }
}
