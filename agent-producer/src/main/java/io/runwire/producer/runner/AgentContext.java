package io.runwire.producer.runner;

import io.runwire.producer.RunScope;
import io.runwire.producer.ToolCall;
import io.runwire.producer.runner.Task.Threw;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * What an agent's code has in its hands during one attempt. Safe from any thread.
 *
 * <p>When the attempt is over for another reason than the code's return (its time is up, it was
 * cancelled, the code threw), the code's thread is interrupted if it still has one, {@link
 * #cancelled} tells so, and what {@link #onCancel} asked for is done. Code that heeds none of it
 * cannot be stopped: nothing in Java can. It is waited for no longer, what it still writes to its
 * run is refused, and until it returns it holds one of its agent's slots.
 */
public final class AgentContext {
  private final Supervision with;
  private final Guard guard;
  private final RunScope run;
  private final Task<?> task;
  private volatile Optional<Object> result = Optional.empty();

  AgentContext(Supervision with, Guard guard, RunScope run, Task<?> task) {
    this.with = with;
    this.guard = guard;
    this.run = run;
    this.task = task;
  }

  /** Where the agent writes. The runner ends it. */
  public RunScope run() {
    return run;
  }

  /** Whether nobody waits for this code any more. */
  public boolean cancelled() {
    return task.isGivenUp();
  }

  /**
   * Asks for something to be done when nobody waits for this code any more, such as to close a
   * connection that does not heed interrupts. Done on another thread, since it may wait for what
   * this code holds; at once, and on this one, if nobody waits already.
   *
   * @return takes the wish back
   */
  public Runnable onCancel(Runnable wish) {
    return task.whenGivenUp(wish, with.threads()::execute);
  }

  /** What comes of the run, as RUN_FINISHED tells it. */
  public void result(Object value) {
    result = Optional.of(value);
  }

  /**
   * Waits for work that others do; cancels it if this thread is interrupted.
   *
   * @throws ExecutionException with what the work failed with
   */
  public <T> T await(CompletableFuture<T> work) throws InterruptedException, ExecutionException {
    try {
      return work.get();
    } catch (InterruptedException e) {
      work.cancel(true);
      throw e;
    }
  }

  /**
   * Calls a tool, on a thread of its own and within its time limit, and shows the call, its result
   * or its failure to the user.
   *
   * @param args its arguments, a JSON object: a map, a record, a JsonNode, or JSON text
   * @param code what it does; interrupted when its time is up or this thread is interrupted
   * @throws ToolException if its time was up, or there is no room for one more call
   * @throws Exception what the code threw
   */
  public <T> T tool(String name, Object args, Callable<T> code) throws Exception {
    return tool(name, args, code, value -> value);
  }

  /**
   * Calls a tool, as above.
   *
   * @param shown what the user sees of its result
   */
  public <T> T tool(String name, Object args, Callable<T> code, Function<? super T, Object> shown)
      throws Exception {
    try (ToolCall call = run.toolCall(name, args)) {
      T value;
      try {
        value = limited(name, code);
      } catch (InterruptedException e) {
        throw e; // the attempt is over; that is what the user is told
      } catch (Exception e) {
        fail(call, e);
        throw e;
      }
      call.resultOrSize(shown.apply(value));
      return value;
    }
  }

  /**
   * Runs sub-agents beside each other, as branches of this run, each shown as a step. Waits for all
   * of them, at most the limit; then it gives up those that are not done and tells the user so by a
   * CUSTOM event {@value #BRANCH_EVENT}. A branch may have branches.
   *
   * @return what became of each, in the order given
   * @throws InterruptedException if this thread was interrupted; they are given up then
   */
  public List<BranchEnd> join(Duration limit, List<Branch> branches) throws InterruptedException {
    return new Join(with, guard, run, task).all(limit, branches);
  }

  /** Tells of a branch that was given up or failed: name, status, message. */
  public static final String BRANCH_EVENT = "runwire.branch";

  Optional<Object> result() {
    return result;
  }

  private <T> T limited(String name, Callable<T> code) throws Exception {
    if (!guard.takeTask()) {
      throw guard.busy();
    }
    Task<T> call = new Task<>("tool " + name + " of " + task);
    Runnable forget = task.takesAlong(call);
    CompletableFuture<T> limited =
        guard.toolLimiter().executeCompletionStage(with.timer(), call::end).toCompletableFuture();
    with.threads().start(call, code, guard::returnTask);
    try {
      return limited.get();
    } catch (InterruptedException e) {
      call.giveUp();
      throw e;
    } catch (ExecutionException e) {
      throw failure(name, call, Task.unwrapped(e));
    } finally {
      forget.run();
    }
  }

  private Exception failure(String name, Task<?> call, Throwable cause) {
    if (cause instanceof Threw threw) {
      if (threw.thrown() instanceof Error error) {
        throw error;
      }
      return (Exception) threw.thrown();
    }
    call.giveUp();
    if (cause instanceof TimeoutException) {
      with.tally().toolTimeouts.increment();
      String limit = Seconds.of(guard.settings().toolLimit());
      return new ToolException(
          ToolException.TOOL_TIMEOUT, name + " took longer than " + limit + ".");
    }
    return new IllegalStateException(cause);
  }

  private static void fail(ToolCall call, Exception cause) {
    try {
      call.failed(Failure.of(cause).message());
    } catch (IllegalStateException e) {
      cause.addSuppressed(e); // the run has ended meanwhile
    }
  }
}
