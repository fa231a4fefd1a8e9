package io.runwire.edge.hub;

import io.runwire.cursor.LogIdentity;
import io.runwire.edge.hub.FakePartition.Emission;
import io.runwire.event.Envelope;
import io.runwire.event.EventType;
import io.runwire.event.Origin;
import io.runwire.topic.ThreadPartitioner;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.kafka.common.Uuid;

/**
 * thread-events in memory, with agent-events and a router before it and a tail behind it, and
 * everything that can happen to such a log. Thread-safe.
 */
public final class FakeLog implements LogSource {
  private final Clock clock;
  private final Windows windows;
  private final List<FakePartition> partitions;

  /** How far the tail has read the partitions that it follows; empty before it opened one. */
  private final Map<Integer, Optional<Long>> tail = new HashMap<>();

  private LogIdentity identity;
  private Executor answering = Runnable::run;
  private int recordsPerChunk = 1_000;
  private boolean away;
  private boolean historyAway;
  private boolean tailHeld;
  private boolean routerHeld;
  private int historyReads;

  public FakeLog(Clock clock, int partitions, long windowBytes) {
    this.clock = clock;
    this.windows = new Windows(partitions, windowBytes);
    this.partitions = IntStream.range(0, partitions).mapToObj(FakePartition::new).toList();
    this.identity = anyIdentity();
  }

  public Windows windows() {
    return windows;
  }

  /** An agent at work on a run. */
  public AgentScript run(String thread, String run) {
    return new AgentScript(this, thread, run);
  }

  public int partitionOf(String thread) {
    return ThreadPartitioner.partition(thread, partitions.size());
  }

  /** Another thread of the same partition. */
  public String neighbourOf(String thread) {
    return IntStream.range(0, 10_000)
        .mapToObj(i -> "neighbour-" + i)
        .filter(name -> partitionOf(name) == partitionOf(thread))
        .findFirst()
        .orElseThrow();
  }

  /** Appends to agent-events; the router takes it from there unless it is held. */
  synchronized void submit(
      String thread,
      String run,
      int attempt,
      long seq,
      EventType type,
      boolean ends,
      String value) {
    FakePartition partition = partitions.get(partitionOf(thread));
    Envelope envelope =
        new Envelope(
            thread,
            run,
            attempt,
            seq,
            type,
            ends,
            Optional.empty(),
            Origin.AGENT,
            Optional.of(partition.nextSource(identity)));
    partition.submit(new Emission(envelope, clock.millis(), value));
    if (!routerHeld) {
      partition.route(identity);
      tail(partition);
    }
  }

  /** Everything that agents wrote on a thread, once and in order. */
  synchronized List<Envelope> submitted(String thread) {
    return partitions.get(partitionOf(thread)).submitted(thread);
  }

  /** What is submitted from now on waits in agent-events. */
  synchronized void holdRouter() {
    routerHeld = true;
  }

  synchronized void releaseRouter() {
    routerHeld = false;
    partitions.forEach(
        partition -> {
          partition.route(identity);
          tail(partition);
        });
  }

  /** The router crashed before it committed, and routes a partition's last records again. */
  public synchronized void replayLast(int partition, int records) {
    partitions.get(partition).replayLast(identity, records);
    tail(partitions.get(partition));
  }

  /** Retention, or deleteRecords: what lies before the offset is gone. */
  public synchronized void expire(int partition, long before) {
    partitions.get(partition).expire(before);
  }

  /** An unclean election: what lies at or behind the offset is gone, and a new epoch begins. */
  public synchronized void truncate(int partition, long from) {
    partitions.get(partition).truncate(from);
    reopen(partition);
  }

  /** Another broker leads the partition; nothing is lost. */
  synchronized void newLeader(int partition) {
    partitions.get(partition).newLeader();
  }

  /** Both topics were deleted and created again. */
  synchronized void recreate() {
    identity = anyIdentity();
    partitions.forEach(FakePartition::clear);
    List.copyOf(tail.keySet()).forEach(this::reopen);
  }

  /** The tail lost its position, and opens the window again at the end. */
  synchronized void reopen(int partition) {
    if (tail.containsKey(partition)) {
      windows.close(partition);
      tail.put(partition, Optional.empty());
      tail(partitions.get(partition));
    }
  }

  /** Whether nothing can be asked or read. */
  public synchronized void away(boolean isAway) {
    away = isAway;
  }

  /** Whether history cannot be read, though the log answers otherwise. */
  synchronized void historyAway(boolean isAway) {
    historyAway = isAway;
  }

  /** The tail reads nothing and opens nothing until it is released. */
  public synchronized void holdTail() {
    tailHeld = true;
  }

  public synchronized void releaseTail() {
    tailHeld = false;
    partitions.forEach(this::tail);
  }

  /** How far a history read gets at once. */
  public synchronized void recordsPerChunk(int records) {
    recordsPerChunk = records;
  }

  /** Questions are answered on {@code executor} from now on, instead of at once. */
  synchronized void answerOn(Executor executor) {
    answering = executor;
  }

  synchronized int historyReads() {
    return historyReads;
  }

  public synchronized boolean isAttached(int partition) {
    return tail.containsKey(partition);
  }

  public synchronized long end(int partition) {
    return partitions.get(partition).end();
  }

  @Override
  public synchronized LogIdentity identity() {
    return identity;
  }

  @Override
  public synchronized boolean away() {
    return away;
  }

  @Override
  public synchronized void attach(int partition) {
    tail.put(partition, Optional.empty());
    tail(partitions.get(partition));
  }

  @Override
  public synchronized void detach(int partition) {
    tail.remove(partition);
    windows.close(partition);
  }

  @Override
  public CompletionStage<Bounds> bounds(int partition) {
    return answer(() -> Optional.of(partitions.get(partition).bounds()));
  }

  @Override
  public CompletionStage<Standing> locate(
      int partition, long offset, int leaderEpoch, OptionalLong notBeforeMs) {
    return answer(
        () -> Optional.of(partitions.get(partition).standing(offset, leaderEpoch, notBeforeMs)));
  }

  @Override
  public CompletionStage<Long> since(int partition, long timestampMs) {
    return answer(() -> Optional.of(partitions.get(partition).firstSince(timestampMs)));
  }

  @Override
  public CompletionStage<Chunk> read(HistoryRead read) {
    return answer(
        () -> {
          historyReads++;
          return historyAway
              ? Optional.empty()
              : partitions.get(read.partition()).chunk(read, recordsPerChunk);
        });
  }

  /** What the tail does when there is something for it: opens first, then reads to the end. */
  private void tail(FakePartition partition) {
    Optional<Long> at = tail.getOrDefault(partition.index, Optional.empty());
    if (tailHeld || !tail.containsKey(partition.index)) {
      return;
    }
    if (at.isEmpty()) {
      windows.open(partition.index, partition.end());
    } else {
      windows.append(
          partition.index,
          partition.from(at.get()),
          partition.end(),
          partition.epochBefore(partition.end()));
    }
    tail.put(partition.index, Optional.of(partition.end()));
  }

  /** Answers with what the question finds; with a failure where that is nothing. */
  private synchronized <T> CompletionStage<T> answer(Supplier<Optional<T>> question) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    answering.execute(
        () -> {
          Optional<T> found;
          synchronized (this) {
            found = away ? Optional.empty() : question.get();
          }
          found.ifPresentOrElse(
              answer::complete,
              () ->
                  answer.completeExceptionally(
                      new LogUnavailableException("away", new IllegalStateException("a test"))));
        });
    return answer;
  }

  private LogIdentity anyIdentity() {
    return new LogIdentity(Uuid.randomUuid(), Uuid.randomUuid(), partitions.size());
  }
}
