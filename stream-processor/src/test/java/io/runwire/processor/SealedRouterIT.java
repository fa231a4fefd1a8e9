package io.runwire.processor;

import static io.runwire.processor.AgentEvent.content;
import static io.runwire.processor.AgentEvent.finished;
import static io.runwire.processor.AgentEvent.started;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.runwire.event.Envelope;
import io.runwire.event.EventHeaders;
import io.runwire.event.EventType;
import io.runwire.event.Origin;
import io.runwire.event.SourcePosition;
import io.runwire.processor.keys.RouterKeys;
import io.runwire.processor.keys.SealCounts;
import io.runwire.processor.keys.ThreadErasure;
import io.runwire.processor.topics.TopicSetup;
import io.runwire.processor.topics.TopicsDoNotFitException;
import io.runwire.processor.topology.PayloadSeal.Sealed;
import io.runwire.seal.KeyName;
import io.runwire.seal.KeyWrapper;
import io.runwire.seal.MasterKey;
import io.runwire.seal.MasterKeyFile;
import io.runwire.topic.AuditPeriod;
import io.runwire.topic.Topic;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Values are sealed by keys in thread-keys, over a real broker. */
class SealedRouterIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final long NOW_MS = 1_764_000_000_000L;
  private static final SealCounts NOBODY =
      new SealCounts() {
        @Override
        public void sealed() {}

        @Override
        public void erased() {}

        @Override
        public void keyMade() {}
      };

  @TempDir private static Path folder;
  private static TestCluster cluster;
  private static Map<String, String> encrypted;
  private static KeyWrapper wrapper;

  @BeforeAll
  static void start() throws Exception {
    Path file = folder.resolve("payload.key");
    Files.writeString(file, MasterKey.generate().secret());
    encrypted = Map.of("payload.encryption", "on", "payload.key.file", file.toString());
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw----r--"));
    cluster = new TestCluster();
    assertThatThrownBy(() -> cluster.processor("a", folder, encrypted))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("payload.key.file")
        .hasMessageContaining("OTHERS_READ");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    TopicSetup.ensure(cluster.admin, TestCluster.PARTITIONS, (short) 1);
    assertThatThrownBy(
            () -> RunwireProcessor.start(cluster.processor("a", folder.resolve("a"), encrypted)))
        .isInstanceOf(TopicsDoNotFitException.class)
        .hasMessageContaining("thread-keys: absent");
    TopicSetup.ensure(cluster.admin, TestCluster.PARTITIONS, (short) 1, AuditPeriod.DEFAULT, true);
    MasterKeyFile keys = new MasterKeyFile();
    keys.configure(encrypted);
    wrapper = keys;
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @Test
  void routersThatMakeTheKeyOfAThreadAtOnceSealAlike() throws Exception {
    int threads = 50;
    CyclicBarrier together = new CyclicBarrier(2);
    ExecutorService two = Executors.newFixedThreadPool(2);
    try (RouterKeys one = keys();
        RouterKeys other = keys()) {
      List<Future<List<byte[]>>> sealing = new ArrayList<>();
      for (RouterKeys router : List.of(one, other)) {
        sealing.add(
            two.submit(
                () -> {
                  List<byte[]> sealed = new ArrayList<>();
                  for (int i = 0; i < threads; i++) {
                    together.await();
                    sealed.add(seal(router, "race." + i, 7).value());
                  }
                  return sealed;
                }));
      }
      List<byte[]> first = sealing.get(0).get();
      List<byte[]> second = sealing.get(1).get();

      for (int i = 0; i < threads; i++) {
        assertThat(first.get(i)).isEqualTo(second.get(i));
      }
    } finally {
      two.shutdownNow();
    }
  }

  @Test
  void whatIsRoutedAgainAfterAnErasureStaysErasedAndWhatIsNewHasAnotherKey() throws Exception {
    String thread = "erased.one";
    cluster.send(started(thread, "r", 1), content(thread, "r", 1, 2), finished(thread, "r", 1, 3));
    String oldKey;
    try (RunwireProcessor router = router("before")) {
      awaitRecords(thread, 3);
      oldKey = mark(records(thread).get(1));
      assertThat(records(thread))
          .allSatisfy(record -> assertThat(new String(record.value(), UTF_8)).doesNotContain("r/1"))
          .allSatisfy(record -> assertThat(mark(record)).isEqualTo(oldKey));

      List<KeyName> destroyed = erasure().erase(thread);

      assertThat(destroyed).hasSize(1);
      assertThat(oldKey).endsWith(destroyed.get(0).id());
      assertThat(erasure().keys(thread)).isEmpty();
    }

    // Another group routes all that agent-events holds once more.
    try (RunwireProcessor again = router("after")) {
      cluster.send(started(thread, "s", 1));
      awaitRecords(thread, 7);
    }
    List<ConsumerRecord<byte[], byte[]>> all = records(thread);
    for (ConsumerRecord<byte[], byte[]> record : all.subList(3, 6)) {
      assertThat(mark(record)).isEqualTo("erased");
      assertThat(record.value()).isEmpty();
    }
    assertThat(mark(all.get(6))).startsWith("A256GCM ").isNotEqualTo(oldKey);
    assertThat(erasure().keys(thread)).hasSize(1);
  }

  @Test
  void anErasureReachesARouterThatHasTheKeyInHand() throws Exception {
    String thread = "erased.two";
    cluster.send(started(thread, "q", 1), content(thread, "q", 1, 2));
    TopicPartition home = cluster.home(thread);
    long end =
        cluster
            .admin
            .listOffsets(Map.of(home, OffsetSpec.latest()))
            .partitionResult(home)
            .get()
            .offset();
    try (RouterKeys router = keys()) {
      byte[] before = seal(router, thread, 0).value();
      assertThat(seal(router, thread, 0).value()).isEqualTo(before);

      erasure().erase(thread);

      await().atMost(SOON).until(() -> seal(router, thread, 0).value().length == 0);
      await().atMost(SOON).until(() -> seal(router, thread, end).value().length > 0);
      assertThat(seal(router, thread, end - 1).value()).isEmpty();
    }
  }

  private static RunwireProcessor router(String application) throws InterruptedException {
    RunwireProcessor started =
        RunwireProcessor.start(
            cluster.processor(application, folder.resolve(application), encrypted));
    assertThat(started.awaitRunning(SOON)).isTrue();
    return started;
  }

  private static RouterKeys keys() {
    return RouterKeys.open(
        Map.of("bootstrap.servers", cluster.bootstrapServers()),
        TestCluster.PARTITIONS,
        Duration.ofMinutes(10),
        wrapper,
        NOBODY);
  }

  private static Sealed seal(RouterKeys router, String thread, long source) throws Exception {
    Envelope envelope =
        new Envelope(
            thread,
            "r",
            1,
            1,
            EventType.RUN_STARTED,
            false,
            Optional.empty(),
            Origin.AGENT,
            Optional.empty());
    SourcePosition src =
        new SourcePosition(agentEvents(), cluster.home(thread).partition(), source);
    return router.seal(envelope, src, NOW_MS, "{\"type\":\"RUN_STARTED\"}".getBytes(UTF_8));
  }

  private static Uuid agentEvents() throws Exception {
    String name = Topic.AGENT_EVENTS.topicName();
    return requireNonNull(
            cluster.admin.describeTopics(List.of(name)).allTopicNames().get().get(name))
        .topicId();
  }

  private static ThreadErasure erasure() {
    return new ThreadErasure(Map.of("bootstrap.servers", cluster.bootstrapServers()));
  }

  private static void awaitRecords(String thread, int count) {
    await().atMost(SOON).until(() -> records(thread).size() == count);
  }

  private static List<ConsumerRecord<byte[], byte[]>> records(String thread) {
    return cluster.read(Topic.THREAD_EVENTS).stream()
        .filter(record -> new String(record.key(), UTF_8).equals(thread))
        .toList();
  }

  private static String mark(ConsumerRecord<byte[], byte[]> record) {
    Header sealed = requireNonNull(record.headers().lastHeader(EventHeaders.SEALED));
    return new String(sealed.value(), UTF_8);
  }
}
