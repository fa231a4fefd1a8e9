package io.runwire.producer;

import io.runwire.event.Ids;
import io.runwire.producer.kafka.KafkaLog;
import io.runwire.producer.log.EventLog;
import io.runwire.producer.log.ProducerMetrics;
import io.runwire.producer.log.RunAttempt;
import io.runwire.producer.log.RunLane;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/**
 * An agent process's connection to Runwire: one for all its runs. Safe from any thread.
 *
 * <pre>{@code
 * try (Runwire runwire = Runwire.connect("localhost:9092");
 *     AgentRun run = runwire.startRun("thread-42")) {
 *   run.reasoning("Looking for sources");
 *   try (ToolCall call = run.toolCall("search", Map.of("q", q))) {
 *     call.result(search(q));
 *   }
 *   try (TextMessage message = run.message()) {
 *     tokens.forEach(message::delta);
 *   }
 *   run.complete();
 * }
 * }</pre>
 */
public final class Runwire implements AutoCloseable {
  /** The error code of a run that was going when its producer was closed. */
  public static final String PRODUCER_CLOSED = "PRODUCER_CLOSED";

  /** The error code of a run that was going when its agent, or the whole process, was stopped. */
  public static final String AGENT_STOPPED = "AGENT_STOPPED";

  private final EventLog log;
  private final RunLimits limits;
  private final Clock clock;
  private final UnaryOperator<String> ids;
  private final Map<RunAttempt, AgentRun> going = new ConcurrentHashMap<>();
  private final Set<Runnable> beforeClose = ConcurrentHashMap.newKeySet();
  private final Object closing = new Object();
  private volatile boolean closed; // written under closing
  private volatile Runnable unhook = () -> {};

  /**
   * @param ids makes an id from what it is for: {@code run}, {@code msg}, {@code call}
   */
  Runwire(EventLog log, RunLimits limits, Clock clock, UnaryOperator<String> ids) {
    this.log = log;
    this.limits = limits;
    this.clock = clock;
    this.ids = ids;
  }

  /** Connects to the brokers at {@code host:port,…}, everything else by default. */
  public static Runwire connect(String bootstrapServers) {
    return connect(RunwireConfig.of(bootstrapServers));
  }

  /** Connects by flat settings, see {@link RunwireConfig#of(Map)}. */
  public static Runwire connect(Map<String, String> settings) {
    return connect(RunwireConfig.of(settings));
  }

  /**
   * Connects. Returns whether the brokers can be reached or not: until they can, runs fill their
   * windows.
   *
   * <p>When the JVM shuts down, by SIGTERM for instance, the runs that are still going end with the
   * error {@link #AGENT_STOPPED}, and the process waits as for {@link #close} until that is
   * settled.
   *
   * @throws org.apache.kafka.common.KafkaException where Kafka refuses the settings
   */
  public static Runwire connect(RunwireConfig config) {
    Runwire runwire =
        new Runwire(
            KafkaLog.connect(config.kafka()), config.limits(), Clock.systemUTC(), Ids::random);
    runwire.unhook = ShutdownHook.register(runwire::stop);
    return runwire;
  }

  /** Writes to another log; with a {@code MemoryLog}, a test sees what an agent wrote. */
  public static Runwire over(EventLog log) {
    return new Runwire(log, RunLimits.DEFAULT, Clock.systemUTC(), Ids::random);
  }

  /** Starts a new run on the thread. */
  public AgentRun startRun(String thread) {
    return startRun(RunOptions.onThread(thread));
  }

  /**
   * Starts a run, or a further attempt of one.
   *
   * @throws IllegalStateException if this attempt is going already, or this is closed
   * @throws EventTooLargeException if the input is too large
   */
  public AgentRun startRun(RunOptions options) {
    RunAttempt attempt =
        new RunAttempt(
            options.thread(), options.run().orElseGet(() -> ids.apply("run")), options.attempt());
    Duration timeout = options.timeout().orElse(limits.runTimeout());
    RunLane lane = log.open(attempt, timeout);
    RunWriter writer =
        new RunWriter(attempt, lane, clock, limits.appendBound(), options.traceparent());
    AgentRun run =
        new AgentRun(attempt, writer, lane, ids, limits.closeBound(), () -> going.remove(attempt));
    if (going.putIfAbsent(attempt, run) != null) {
      lane.close();
      throw new IllegalStateException(attempt + " is going already");
    }
    try {
      if (closed) {
        throw new IllegalStateException("Runwire is closed");
      }
      run.start(AgUi.runStarted(attempt, options, timeout, ids.apply("msg")));
    } catch (RuntimeException e) {
      going.remove(attempt);
      lane.close();
      throw e;
    }
    return run;
  }

  /** How long runs wait for what, where they say nothing else. */
  public RunLimits limits() {
    return limits;
  }

  /** What the producer has done so far. */
  public ProducerMetrics metrics() {
    return log.metrics();
  }

  /**
   * Asks to be told when this is about to close, while runs can still be started: for whoever has
   * runs to end in a way of its own.
   *
   * @return takes the wish back
   */
  public Runnable beforeClose(Runnable listener) {
    beforeClose.add(listener);
    return () -> beforeClose.remove(listener);
  }

  /**
   * Ends the runs that are still going with the error {@link #PRODUCER_CLOSED}, waits until
   * everything is settled, and disconnects. If another thread is closing this, waits for it.
   *
   * @throws UnsettledException if not everything was settled after {@link RunLimits#closeBound}; it
   *     may or may not stand in the log
   */
  @Override
  public void close() {
    close(PRODUCER_CLOSED, "The agent's connection was closed.");
  }

  /** Closes because the process ends. */
  void stop() {
    close(AGENT_STOPPED, "The agent's process was stopped.");
  }

  private void close(String code, String message) {
    synchronized (closing) {
      if (closed) {
        return;
      }
      beforeClose.forEach(Runnable::run);
      closed = true;
      unhook.run();
      RunEnd end = new RunEnd.Failed(code, message, Map.of());
      for (AgentRun run : going.values()) {
        try {
          run.endIfGoing(end);
        } catch (RunFailedException e) {
          // It has ended anyway, and its agent is told by its own close().
        }
      }
      if (!log.close(limits.closeBound())) {
        throw new UnsettledException("not settled within " + limits.closeBound());
      }
    }
  }
}
