package io.runwire.loadtest.drive;

import io.runwire.producer.AgentRun;
import io.runwire.producer.RunFailedException;
import io.runwire.producer.RunOptions;
import io.runwire.producer.Runwire;
import io.runwire.producer.TextMessage;
import io.runwire.producer.log.RunAttempt;
import java.time.Duration;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * One run of a fleet's agent, a move at a time: it talks, calls tools, keeps state, and ends; now
 * and then with an error, or in a second attempt.
 *
 * <pre>
 * WRITING ──the last event──▶ SETTLING ──▶ SETTLED
 *    ▲  └────── lost ──────▶ LOST ◀─┘  │
 *    └───────── another attempt ───────┘
 * </pre>
 *
 * <p>One call at a time.
 */
final class ScriptedRun {
  /** Where it stands. */
  enum State {
    WRITING,
    SETTLING,
    SETTLED,
    LOST
  }

  /**
   * What runs are like.
   *
   * @param events in about so many; what is open is closed beyond it
   * @param timeout the silence after which a run is taken as lost
   * @param largePercent of the pieces of text are of {@link #LARGE_CHARS}
   */
  record Script(int events, Duration timeout, double largePercent) {}

  private static final double FAILING = 0.05;
  private static final double SECOND_ATTEMPTS = 0.05;
  private static final int SHORT_CHARS = 120;
  private static final int LARGE_CHARS = 100_000;

  /** Pieces of one, two, three and four bytes per char, a quote and a line break. */
  private static final String[] WORDS = {
    "agents ", "stream ", "größer ", "日本語 ", "🛰️ ", "\"quoted\" ", "line\n", "42 ", "{}", "\\ "
  };

  private final Runwire runwire;
  private final JournaledLog log;
  private final Script script;
  private final SplittableRandom random;

  private RunOptions options;
  private AgentRun run;
  private RunAttempt attempt;
  private State state = State.WRITING;
  private boolean anotherAttempt;
  private @Nullable TextMessage message;

  /** Starts it. */
  ScriptedRun(
      Runwire runwire, JournaledLog log, String thread, Script script, SplittableRandom random) {
    this.runwire = runwire;
    this.log = log;
    this.script = script;
    this.random = random;
    this.options =
        RunOptions.onThread(thread).withTimeout(script.timeout()).withInput("Question: " + text());
    this.run = runwire.startRun(options);
    this.attempt = new RunAttempt(thread, run.id(), run.attempt());
  }

  /**
   * Makes the next move.
   *
   * @param hurry whether to end as soon as possible
   */
  State move(boolean hurry) {
    try {
      switch (state) {
        case WRITING -> {
          write(hurry);
          run.awaitSettled(Duration.ZERO); // so that the journal keeps up
        }
        case SETTLING -> settle(hurry);
        case SETTLED, LOST -> {}
      }
    } catch (RunFailedException lost) {
      log.forget(attempt);
      state = State.LOST;
    }
    return state;
  }

  private void write(boolean hurry) {
    if (hurry || log.written(attempt) >= script.events() - 1) {
      end(hurry);
      state = State.SETTLING;
    } else if (message != null) {
      if (random.nextInt(12) == 0) {
        message.close();
        message = null;
      } else {
        message.delta(text());
      }
    } else {
      begin();
    }
  }

  private void begin() {
    switch (random.nextInt(10)) {
      case 0 -> run.reasoning(text());
      case 1 -> run.state(Map.of("progress", log.written(attempt), "note", text()));
      case 2 -> run.custom("note", Map.of("text", text()));
      case 3, 4 -> {
        try (var call = run.toolCall("search", Map.of("query", text()))) {
          call.result(text());
        }
      }
      default -> message = run.message();
    }
  }

  private void end(boolean hurry) {
    double dice = random.nextDouble();
    message = null; // closed with the run
    if (!hurry && dice < SECOND_ATTEMPTS && options.attempt() == 1) {
      anotherAttempt = true;
      run.failAttempt("TOOL_FAILED", "The first attempt fails now and then.");
    } else if (dice < SECOND_ATTEMPTS + FAILING) {
      run.fail("QUOTA_EXCEEDED", "Some runs end like this.");
    } else {
      run.complete();
    }
  }

  private void settle(boolean hurry) {
    if (!run.awaitSettled(Duration.ZERO)) {
      return;
    }
    log.forget(attempt);
    state = State.SETTLED;
    if (anotherAttempt) {
      // Only now: what of the first attempt came behind the second one's start would be fenced.
      anotherAttempt = false;
      options = options.withRun(run.id()).withAttempt(2);
      attempt = new RunAttempt(options.thread(), run.id(), 2);
      run = runwire.startRun(options);
      state = State.WRITING;
      move(hurry);
    }
  }

  private String text() {
    int chars =
        random.nextDouble() * 100 < script.largePercent()
            ? LARGE_CHARS
            : 1 + random.nextInt(SHORT_CHARS);
    StringBuilder text = new StringBuilder(chars + 10);
    while (text.length() < chars) {
      text.append(WORDS[random.nextInt(WORDS.length)]);
    }
    return text.toString();
  }
}
