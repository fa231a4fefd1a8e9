package io.runwire.processor.topics;

import static java.util.Objects.requireNonNull;

import io.runwire.cursor.LogIdentity;
import io.runwire.processor.Halt;
import io.runwire.processor.watchdog.RoutedUpTo;
import io.runwire.topic.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the log once a second, from outside the streams: whether it is still the one that it was
 * at the start, and up to when it is routed.
 *
 * <p>Partitions that were added, and a topic that was created again, halt the process: agents write
 * where no router reads, and nobody would notice.
 *
 * <p>Routed is what the group has committed, since Kafka Streams commits a position after all that
 * came of the records before it was acknowledged. So a look asks in this order: what time is it;
 * where does agent-events end; what is committed; where does thread-events end. Once the commit has
 * reached the end of agent-events as it was then, all that stood there at that time stands before
 * the end of thread-events as it is now. A partition that lacks the replicas to take a record is
 * not measured: agents are silent there for no fault of theirs.
 *
 * <p>It halts the process, too, where what was sent does not get in though nothing is amiss: {@link
 * StuckSends}.
 *
 * <p>Owned by its thread, {@code runwire-log-watch}; {@link #of} may be called on any.
 */
public final class LogWatch implements RoutedUpTo, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LogWatch.class);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(1);

  /** Looks in a row that must say so: a broker may be a moment behind the controller. */
  private static final int SURE_AFTER = 2;

  /** Where a partition of agent-events ended at a time. */
  private record End(long atMs, long offset) {}

  private final Admin admin;
  private final String group;
  private final LogIdentity log;
  private final LongSupplier clockMs;
  private final Halt halt;
  private final AtomicReferenceArray<Horizon> horizons;
  private final Map<Integer, End> awaited = new HashMap<>();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "runwire-log-watch");
            thread.setDaemon(true);
            return thread;
          });
  private final Unacknowledged unacknowledged = new Unacknowledged();
  private final StuckSends stuck;
  private int unlike;

  private LogWatch(Admin admin, String group, LogIdentity log, LongSupplier clockMs, Halt halt) {
    this.admin = admin;
    this.stuck = new StuckSends(unacknowledged, halt);
    this.group = group;
    this.log = log;
    this.clockMs = clockMs;
    this.halt = halt;
    this.horizons = new AtomicReferenceArray<>(log.partitions());
  }

  /**
   * Begins to look.
   *
   * @param admin closed with the watch
   * @param group of the routers
   * @param log as it must stay
   * @param clockMs never steps
   */
  public static LogWatch start(
      Admin admin, String group, LogIdentity log, LongSupplier clockMs, Halt halt) {
    LogWatch watch = new LogWatch(admin, group, log, clockMs, halt);
    var unused =
        watch.thread.scheduleWithFixedDelay(
            watch::look, 0, LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
    return watch;
  }

  @Override
  public Optional<Horizon> of(int partition) {
    return Optional.ofNullable(horizons.get(partition));
  }

  /** What the process's producers tell of what they send. */
  public Unacknowledged unacknowledged() {
    return unacknowledged;
  }

  @Override
  public void close() {
    thread.shutdownNow();
    admin.close(Duration.ZERO);
  }

  private void look() {
    try {
      measure(writable(compare()));
      judgeSends();
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException away) {
      LOG.debug("no answer about the log", away);
    } catch (RuntimeException unexpected) {
      if (!thread.isShutdown()) {
        LOG.error("looking at the log failed; goes on", unexpected);
      }
    }
  }

  /** Returns agent-events as it is now. */
  private TopicDescription compare()
      throws InterruptedException, ExecutionException, TimeoutException {
    Map<String, Uuid> expected =
        Map.of(
            Topic.AGENT_EVENTS.topicName(), log.agentEvents(),
            Topic.THREAD_EVENTS.topicName(), log.threadEvents());
    List<String> violations = new ArrayList<>();
    Map<String, TopicDescription> topics =
        within(admin.describeTopics(expected.keySet()).allTopicNames());
    topics.forEach(
        (name, topic) -> compare(topic, expected.getOrDefault(name, topic.topicId()), violations));
    unlike = violations.isEmpty() ? 0 : unlike + 1;
    if (unlike >= SURE_AFTER) {
      TopicsDoNotFitException cause = new TopicsDoNotFitException(violations);
      halt.halt("the log is no longer what it was: " + String.join(", ", violations), cause);
    }
    return requireNonNull(topics.get(Topic.AGENT_EVENTS.topicName()));
  }

  /** The partitions in which agents can write; the topic's setting is only asked for in trouble. */
  private Set<Integer> writable(TopicDescription topic)
      throws InterruptedException, ExecutionException, TimeoutException {
    if (InSync.whole(topic)) {
      return InSync.atLeast(1, topic);
    }
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic.name());
    Config config =
        requireNonNull(within(admin.describeConfigs(Set.of(resource)).all()).get(resource));
    String minimum = config.get(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG).value();
    return InSync.atLeast(Integer.parseInt(minimum), topic);
  }

  private void compare(TopicDescription topic, Uuid id, List<String> violations) {
    if (!topic.topicId().equals(id)) {
      violations.add(
          topic.name()
              + ": topic id: "
              + topic.topicId()
              + " (expected: "
              + id
              + "): it was created again");
    }
    if (topic.partitions().size() != log.partitions()) {
      violations.add(
          topic.name()
              + ": partitions: "
              + topic.partitions().size()
              + " (expected: "
              + log.partitions()
              + ")");
    }
  }

  private void measure(Set<Integer> writable)
      throws InterruptedException, ExecutionException, TimeoutException {
    long nowMs = clockMs.getAsLong();
    Map<Integer, Long> written = ends(Topic.AGENT_EVENTS);
    Map<TopicPartition, OffsetAndMetadata> committed =
        within(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
    Map<Integer, Long> routed = ends(Topic.THREAD_EVENTS);
    for (int partition : writable) {
      OffsetAndMetadata position = committed.get(in(Topic.AGENT_EVENTS, partition));
      Long writtenTo = written.get(partition);
      Long routedTo = routed.get(partition);
      if (position != null && writtenTo != null && routedTo != null) {
        settle(partition, new End(nowMs, writtenTo), position.offset(), routedTo);
      }
    }
  }

  private void judgeSends() throws InterruptedException, ExecutionException, TimeoutException {
    Set<TopicPartition> silent = stuck.look();
    if (!silent.isEmpty()) {
      Set<String> topics = silent.stream().map(TopicPartition::topic).collect(Collectors.toSet());
      stuck.judge(silent, within(admin.describeTopics(topics).allTopicNames()));
    }
  }

  private void settle(int partition, End now, long committed, long routedTo) {
    End earlier = awaited.get(partition);
    if (committed >= now.offset()) {
      horizons.set(partition, new Horizon(now.atMs(), routedTo));
      awaited.remove(partition);
    } else if (earlier == null) {
      awaited.put(partition, now);
    } else if (committed >= earlier.offset()) {
      horizons.set(partition, new Horizon(earlier.atMs(), routedTo));
      awaited.put(partition, now);
    }
  }

  /** Of the partitions that have a leader. */
  private Map<Integer, Long> ends(Topic topic) throws InterruptedException {
    Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
    IntStream.range(0, log.partitions())
        .forEach(partition -> asked.put(in(topic, partition), OffsetSpec.latest()));
    ListOffsetsResult answers = admin.listOffsets(asked);
    long deadlineNs = System.nanoTime() + ANSWER_WITHIN.toNanos();
    Map<Integer, Long> ends = new HashMap<>();
    for (TopicPartition partition : asked.keySet()) {
      try {
        long leftNs = Math.max(0, deadlineNs - System.nanoTime());
        ends.put(
            partition.partition(),
            answers.partitionResult(partition).get(leftNs, TimeUnit.NANOSECONDS).offset());
      } catch (ExecutionException | TimeoutException away) {
        LOG.debug("{}: no answer", partition, away);
      }
    }
    return ends;
  }

  private static TopicPartition in(Topic topic, int partition) {
    return new TopicPartition(topic.topicName(), partition);
  }

  private static <T> T within(KafkaFuture<T> asked)
      throws InterruptedException, ExecutionException, TimeoutException {
    return asked.get(ANSWER_WITHIN.toNanos(), TimeUnit.NANOSECONDS);
  }
}
