package io.runwire.loadtest.measure;

import io.runwire.producer.AgentRun;
import io.runwire.producer.BackPressureException;
import io.runwire.producer.RunOptions;
import io.runwire.producer.Runwire;
import io.runwire.producer.TextMessage;
import io.runwire.producer.ToolCall;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.ConcurrentHistogram;

/**
 * An agent that talks and calls tools, run after run, at a steady pace, and remembers what it said.
 * Each call is timed; one that finds no room is made again. Runs on a thread of its own.
 */
final class TalkingAgent implements Runnable {
  private static final int PIECES = 40;
  private static final int TURNS = 5;

  /** Longer than any outage: what is measured is not the lease. */
  private static final Duration TIMEOUT = Duration.ofMinutes(5);

  private final Runwire runwire;
  private final String thread;
  private final Duration pause;
  private final ConcurrentHistogram callsUs;
  private final LongAdder refused;
  private final Map<String, String> stories = new HashMap<>();
  private volatile boolean stopped;

  /**
   * @param pause between two pieces of text
   * @param callsUs how long each call took
   * @param refused calls that found no room in time
   */
  TalkingAgent(
      Runwire runwire,
      String thread,
      Duration pause,
      ConcurrentHistogram callsUs,
      LongAdder refused) {
    this.runwire = runwire;
    this.thread = thread;
    this.pause = pause;
    this.callsUs = callsUs;
    this.refused = refused;
  }

  /** Ends with the run that is going. */
  void stop() {
    stopped = true;
  }

  /** What it said, by run, as {@link Stories} tell it; to be asked when its thread has ended. */
  Map<String, String> stories() {
    return stories;
  }

  @Override
  public void run() {
    int piece = 0;
    while (!stopped) {
      Story story = new Story();
      AgentRun run =
          called(() -> runwire.startRun(RunOptions.onThread(thread).withTimeout(TIMEOUT)));
      story.event("RUN_STARTED");
      for (int turn = 0; turn < TURNS && !stopped; turn++) {
        TextMessage message = called(run::message);
        story.event("TEXT_MESSAGE_START");
        for (int i = 0; i < PIECES && !stopped; i++) {
          String text = "piece " + piece++ + ", ";
          called(
              () -> {
                message.delta(text);
                return text;
              });
          story.text(text);
          rest();
        }
        message.close();
        story.event("TEXT_MESSAGE_END");
        ToolCall call = called(() -> run.toolCall("search", Map.of()));
        called(
            () -> {
              call.result("found");
              return call;
            });
        call.close();
        story.event("TOOL_CALL_START");
        story.text("{}");
        story.event("TOOL_CALL_END");
        story.event("TOOL_CALL_RESULT");
      }
      run.complete();
      story.event("RUN_FINISHED");
      stories.put(run.id(), story.toString());
    }
  }

  private <T> T called(Call<T> call) {
    while (true) {
      long startNs = System.nanoTime();
      try {
        return call.make();
      } catch (BackPressureException noRoom) {
        refused.increment();
      } finally {
        callsUs.recordValue(TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - startNs));
      }
    }
  }

  private void rest() {
    try {
      TimeUnit.NANOSECONDS.sleep(pause.toNanos());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      stopped = true;
    }
  }

  private interface Call<T> {
    T make();
  }
}
