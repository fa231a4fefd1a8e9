package io.runwire.deploy.system;

import io.runwire.deploy.quickstart.DevelopmentTokens;
import io.runwire.edge.EdgeConfig;
import io.runwire.edge.RunwireEdge;
import io.runwire.event.EventHeaders;
import io.runwire.event.SourcePosition;
import io.runwire.loadtest.drive.WireClient;
import io.runwire.loadtest.process.BrokerConfig;
import io.runwire.loadtest.process.EmbeddedKafka;
import io.runwire.processor.topics.TopicSetup;
import io.runwire.topic.ThreadPartitioner;
import io.runwire.topic.Topic;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;

/**
 * An edge or more, and thread-events as a test writes it: no router stands before it, and the
 * broker can be stopped and its files be cut. Unless another one is named, the first edge is meant.
 */
final class WrittenLog implements AutoCloseable {
  static final int PARTITIONS = 4;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Path folder;
  private final int port = Runwired.freePort();
  private final Uuid anySource = Uuid.randomUuid();
  private final DevelopmentTokens tokens = new DevelopmentTokens(Clock.systemUTC());
  private EmbeddedKafka broker;
  private Optional<KafkaProducer<byte[], byte[]>> producer = Optional.empty();
  private final List<RunwireEdge> edges = new ArrayList<>();
  private long source;

  WrittenLog() throws IOException {
    folder = Files.createTempDirectory("runwire-test-broker");
    broker = startedBroker();
    try (Admin admin = admin()) {
      TopicSetup.ensure(admin, PARTITIONS, (short) 1);
    }
  }

  /** A thread of the same partition as another. */
  static String neighbourOf(String thread, String prefix) {
    return IntStream.range(0, 1_000)
        .mapToObj(i -> prefix + i)
        .filter(name -> partition(name) == partition(thread))
        .findFirst()
        .orElseThrow();
  }

  static int partition(String thread) {
    return ThreadPartitioner.partition(thread, PARTITIONS);
  }

  RunwireEdge startEdge(Map<String, String> further) throws Exception {
    Map<String, String> settings = new HashMap<>(further);
    settings.put("bootstrap.servers", bootstrapServers());
    settings.put("partitions", Integer.toString(PARTITIONS));
    settings.put("http.host", "127.0.0.1");
    settings.put("http.port", "0");
    settings.put("management.port", "0");
    settings.put("token.hs256.secret", tokens.secret());
    settings.put("token.issuer", DevelopmentTokens.ISSUER);
    settings.put("token.audience", DevelopmentTokens.AUDIENCE);
    RunwireEdge edge = RunwireEdge.start(EdgeConfig.of(settings), Optional.empty());
    edges.add(edge);
    return edge;
  }

  /** A socket of a user. */
  WireClient connect(String user) throws Exception {
    return connect(edges.get(0), user);
  }

  WireClient connect(RunwireEdge edge, String user) throws Exception {
    return WireClient.connect(Runwired.socket(edge.port()), token(user));
  }

  /** A socket that will not read on. */
  MuteSocket mute(String user, String query) throws IOException {
    return new MuteSocket(edges.get(0).port(), query, token(user));
  }

  private String token(String user) {
    return tokens
        .issue(user, Duration.ofMinutes(30), List.of("*"), List.of("subscribe", "history"))
        .token();
  }

  /** Appends to thread-events, in order; {@link #flush} waits for all of it. */
  void append(String thread, String run, int seq) {
    String type = seq == 1 ? "RUN_STARTED" : "CUSTOM";
    String value =
        "{\"type\":\""
            + type
            + "\",\"name\":\"n\",\"value\":"
            + seq
            + ",\"runId\":\""
            + run
            + "\"}";
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(
            Topic.THREAD_EVENTS.topicName(), partition(thread), bytes(thread), bytes(value));
    record.headers().add(EventHeaders.RUN, bytes(run));
    record.headers().add(EventHeaders.SEQ, bytes(Integer.toString(seq)));
    record.headers().add(EventHeaders.TYPE, bytes(type));
    record
        .headers()
        .add(
            EventHeaders.SRC,
            bytes(new SourcePosition(anySource, partition(thread), source++).toString()));
    var unused = producer().send(record);
  }

  /** Appends a run's events from one seq to another, each in a batch of its own. */
  void append(String thread, String run, int fromSeq, int toSeq) {
    for (int seq = fromSeq; seq <= toSeq; seq++) {
      append(thread, run, seq);
      flush();
    }
  }

  void flush() {
    producer().flush();
  }

  void stopBroker() {
    producer.ifPresent(KafkaProducer::close);
    producer = Optional.empty();
    broker.close();
  }

  void startBroker() {
    broker = startedBroker();
  }

  /** Deletes both topics of the log and creates them anew. */
  void recreate() throws Exception {
    producer.ifPresent(KafkaProducer::close);
    producer = Optional.empty();
    try (Admin admin = admin()) {
      List<Topic> topics = List.of(Topic.THREAD_EVENTS, Topic.AGENT_EVENTS);
      admin.deleteTopics(topics.stream().map(Topic::topicName).toList()).all().get();
      for (Topic topic : topics) {
        Awaitility.await().atMost(PATIENCE).until(() -> created(admin, topic));
      }
    }
  }

  /**
   * Cuts a partition's last records off, as a crash without fsync would; the broker must be
   * stopped.
   */
  void cut(int partition, long fromOffset) throws IOException {
    Path ofPartition = folder.resolve(Topic.THREAD_EVENTS.topicName() + "-" + partition);
    Files.deleteIfExists(folder.resolve(".kafka_cleanshutdown"));
    try (FileChannel file =
        FileChannel.open(
            ofPartition.resolve("00000000000000000000.log"),
            StandardOpenOption.READ,
            StandardOpenOption.WRITE)) {
      ByteBuffer head = ByteBuffer.allocate(12); // a batch's first offset, and its length behind
      long at = 0;
      while (file.read(head.clear(), at) == 12 && head.getLong(0) < fromOffset) {
        at += 12 + head.getInt(8);
      }
      file.truncate(at);
    }
  }

  /** The values in edge-deliveries that speak of a thread, in order. */
  List<String> deliveries(String thread) {
    TopicPartition partition =
        new TopicPartition(Topic.EDGE_DELIVERIES.topicName(), partition(thread));
    List<String> values = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", bootstrapServers()),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
      while (consumer.position(partition) < end) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
          if (thread.equals(new String(record.key(), StandardCharsets.UTF_8))) {
            values.add(new String(record.value(), StandardCharsets.UTF_8));
          }
        }
      }
    }
    return values;
  }

  /** The sum of a counter, or gauge, over the labels that contain a text. */
  double metric(String name, String labels) throws IOException, InterruptedException {
    return Figures.sum(edges.get(0).managementPort(), name, labels);
  }

  @Override
  public void close() {
    edges.forEach(RunwireEdge::close);
    stopBroker();
  }

  private EmbeddedKafka startedBroker() {
    return EmbeddedKafka.start(BrokerConfig.temporary().withPort(port).withFolder(folder));
  }

  private String bootstrapServers() {
    return "127.0.0.1:" + port;
  }

  private Admin admin() {
    return Admin.create(Map.of("bootstrap.servers", bootstrapServers()));
  }

  private KafkaProducer<byte[], byte[]> producer() {
    if (producer.isEmpty()) {
      producer =
          Optional.of(
              new KafkaProducer<>(
                  Map.of("bootstrap.servers", bootstrapServers(), "acks", "all", "linger.ms", 1),
                  new ByteArraySerializer(),
                  new ByteArraySerializer()));
    }
    return producer.get();
  }

  private static boolean created(Admin admin, Topic topic)
      throws ExecutionException, InterruptedException {
    try {
      admin.createTopics(List.of(topic.create(PARTITIONS, (short) 1))).all().get();
      return true;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof TopicExistsException) {
        return false; // it is still being deleted
      }
      throw e;
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
