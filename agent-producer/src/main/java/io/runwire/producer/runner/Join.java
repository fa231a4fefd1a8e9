package io.runwire.producer.runner;

import io.github.resilience4j.timelimiter.TimeLimiter;
import io.runwire.producer.RunBranch;
import io.runwire.producer.RunScope;
import io.runwire.producer.Step;
import io.runwire.producer.runner.Task.Threw;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** Sub-agents of one run beside each other, and the one wait for all of them. */
final class Join {
  private final Supervision with;
  private final Guard guard;
  private final RunScope run;
  private final Task<?> parent;

  Join(Supervision with, Guard guard, RunScope run, Task<?> parent) {
    this.with = with;
    this.guard = guard;
    this.run = run;
    this.parent = parent;
  }

  /** A branch that has started, or had no room to. */
  private record Started(
      Branch branch, RunBranch scope, Task<Optional<Object>> task, Runnable forget) {}

  List<BranchEnd> all(Duration limit, List<Branch> branches) throws InterruptedException {
    List<Started> started = new ArrayList<>();
    try {
      for (Branch branch : branches) {
        started.add(start(branch));
      }
      awaitAll(limit, started);
      List<BranchEnd> ends = new ArrayList<>();
      for (Started one : started) {
        ends.add(end(one, limit));
      }
      return ends;
    } finally {
      for (Started one : started) { // all of them first: closing throws where the run is lost
        one.forget.run();
        if (!one.task.end().isDone()) { // interrupted, or a branch could not be started
          one.task.giveUp();
        }
      }
      started.forEach(one -> one.scope.close());
    }
  }

  private Started start(Branch branch) {
    RunBranch scope = run.branch();
    Task<Optional<Object>> task = new Task<>("branch " + branch.name() + " of " + parent);
    Step step = scope.step(branch.name());
    Runnable forget = parent.takesAlong(task);
    if (guard.takeTask()) {
      AgentContext context = new AgentContext(with, guard, scope, task);
      with.threads()
          .start(
              task,
              () -> {
                try (step) {
                  branch.agent().run(context);
                }
                return context.result();
              },
              guard::returnTask);
    } else {
      task.end().completeExceptionally(new Threw(guard.busy()));
    }
    return new Started(branch, scope, task, forget);
  }

  private void awaitAll(Duration limit, List<Started> started) throws InterruptedException {
    CompletableFuture<Void> all =
        CompletableFuture.allOf(
            started.stream()
                .map(one -> one.task.end().handle((result, error) -> true))
                .toArray(CompletableFuture[]::new));
    try {
      TimeLimiter.of(limit)
          .executeCompletionStage(with.timer(), () -> all)
          .toCompletableFuture()
          .get();
    } catch (ExecutionException e) {
      // The limit has passed: whoever is not done has timed out.
    }
  }

  private BranchEnd end(Started one, Duration limit) {
    String name = one.branch.name();
    if (!one.task.end().isDone()) {
      one.task.giveUp();
      one.scope.close();
      tell(name, Outcome.TIMEOUT, name + " was not done within " + Seconds.of(limit) + ".");
      return new BranchEnd.TimedOut(name);
    }
    try {
      return new BranchEnd.Finished(name, one.task.end().join());
    } catch (RuntimeException e) {
      one.task.giveUp(); // what it has set going elsewhere
      Throwable cause = Task.unwrapped(e);
      Throwable thrown = cause instanceof Threw threw ? threw.thrown() : cause;
      Failure failed = Failure.of(thrown);
      tell(name, failed.code(), failed.message());
      return new BranchEnd.Failed(name, thrown);
    }
  }

  private void tell(String name, String code, String message) {
    run.custom(AgentContext.BRANCH_EVENT, Map.of("name", name, "code", code, "message", message));
  }
}
