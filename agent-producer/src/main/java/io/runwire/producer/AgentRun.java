package io.runwire.producer;

import io.runwire.producer.log.RunAttempt;
import io.runwire.producer.log.RunLane;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * One attempt of a run, as its agent writes it: reasoning, tool calls, messages, and one end.
 *
 * <p>Close it: without {@link #complete} or {@link #fail} that is an error with the code {@link
 * #NOT_COMPLETED}, so a run whose agent threw does not look as if it were still going. Whatever is
 * open when the run ends is closed before.
 */
public final class AgentRun extends RunScope implements AutoCloseable {
  /** The error code of a run that was closed without an end. */
  public static final String NOT_COMPLETED = "NOT_COMPLETED";

  /** The error code of a run that ended with an exception of its agent's. */
  public static final String AGENT_ERROR = "AGENT_ERROR";

  private final RunLane lane;
  private final Duration closeBound;
  private final Runnable onEnd;

  AgentRun(
      RunAttempt attempt,
      RunWriter writer,
      RunLane lane,
      UnaryOperator<String> ids,
      Duration closeBound,
      Runnable onEnd) {
    super(attempt, writer, ids, Optional.empty());
    this.lane = lane;
    this.closeBound = closeBound;
    this.onEnd = onEnd;
  }

  /** Ends the run well. */
  public void complete() {
    end(new RunEnd.Completed(Optional.empty()));
  }

  /** Ends the run well, with what came of it. */
  public void complete(Object result) {
    end(new RunEnd.Completed(Optional.of(result)));
  }

  /**
   * Ends the run with an error.
   *
   * @param code for programs, e.g. {@code QUOTA_EXCEEDED}
   * @param message for people; cut after some thousand chars
   */
  public void fail(String code, String message) {
    end(new RunEnd.Failed(code, message, Map.of()));
  }

  /** Ends the run with an error; watchers see the exception's kind and message. */
  public void fail(Throwable cause) {
    end(RunEnd.Failed.of(cause));
  }

  /** Ends this attempt with an error and announces that another one follows. */
  public void failAttempt(String code, String message) {
    end(new RunEnd.FailedAttempt(code, message, Map.of()));
  }

  /**
   * Ends the run, unless it has ended.
   *
   * @return false if it had ended before
   * @throws RunFailedException if the run has failed; it has ended then, too
   */
  public boolean endIfGoing(RunEnd end) {
    boolean ending = false;
    try {
      ending = writer.end(this, AgUi.end(attempt, end));
    } catch (RunFailedException e) {
      onEnd.run();
      throw e;
    }
    if (ending) {
      onEnd.run();
    }
    return ending;
  }

  /**
   * Waits until everything written so far stands in the log, in order.
   *
   * @return false if the bound passed, or the thread was interrupted, before
   * @throws RunFailedException if it never will
   */
  public boolean awaitSettled(Duration bound) {
    return switch (lane.awaitSettled(bound)) {
      case SETTLED -> true;
      case UNSETTLED -> false;
      case FAILED -> throw writer.failed();
    };
  }

  /**
   * Ends the run if it has not ended, and waits until all of it is settled.
   *
   * @throws UnsettledException if it is not after {@link RunLimits#closeBound}, or when
   *     interrupted; it is still being sent until its {@link Runwire} is closed
   * @throws RunFailedException if it never will be
   */
  @Override
  public void close() {
    endIfGoing(
        new RunEnd.Failed(
            NOT_COMPLETED, "The agent stopped without completing the run.", Map.of()));
    if (!awaitSettled(closeBound)) {
      boolean interrupted = Thread.currentThread().isInterrupted();
      throw new UnsettledException(
          attempt
              + ": not settled "
              + (interrupted ? "until interrupted" : "within " + closeBound));
    }
  }

  /**
   * The start of a further attempt is taken whether there is room or not: the end of the one before
   * has announced it.
   */
  void start(Draft started) {
    if (attempt.attempt() == 1) {
      write(List.of(started));
    } else {
      writer.startAgain(started);
    }
  }

  private void end(RunEnd end) {
    if (!endIfGoing(end)) {
      throw new IllegalStateException(attempt + " has ended");
    }
  }

  @Override
  public String toString() {
    return attempt.toString();
  }
}
