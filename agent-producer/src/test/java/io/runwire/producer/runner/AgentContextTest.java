package io.runwire.producer.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.runwire.event.EventType;
import io.runwire.producer.Runwire;
import io.runwire.producer.log.MemoryLog;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tool calls and sub-agents of a run. */
final class AgentContextTest {
  private static final Duration JOIN_LIMIT = Duration.ofSeconds(5);

  private final MemoryLog log = new MemoryLog();
  private final Runwire runwire = Runwire.over(log);
  private final ManualTimer timer = new ManualTimer();
  private final AgentRunner runner =
      new AgentRunner(
          runwire, AgentSettings.DEFAULT.withAttempts(1).withAtATime(1, 3), timer, timer.clock());
  private final CountDownLatch never = new CountDownLatch(1);

  /** What is given up before it has begun does not notice. */
  private final CountDownLatch began = new CountDownLatch(1);

  @AfterEach
  void close() {
    never.countDown();
    runwire.close();
  }

  @Test
  void aToolsResultIsShownAndReturned() {
    RunHandle run =
        run(
            context -> {
              int found = context.tool("count", Map.of("q", "x"), () -> 42);
              context.run().message("There are " + found);
            });

    assertThat(run.outcome().join()).isInstanceOf(Outcome.Finished.class);
    assertThat(last(run, EventType.TOOL_CALL_RESULT).get("content").asText()).isEqualTo("42");
    assertThat(last(run, EventType.TEXT_MESSAGE_CONTENT).get("delta").asText())
        .isEqualTo("There are 42");
  }

  @Test
  void aToolThatTakesTooLongIsGivenUpAndTheAgentGoesOn() {
    CountDownLatch interrupted = new CountDownLatch(1);
    RunHandle run =
        run(
            context -> {
              try {
                context.tool("search", Map.of(), () -> blockUntilInterrupted(interrupted));
              } catch (ToolException e) {
                context.run().message(e.code());
              }
            });
    awaitBeginning();
    await().until(() -> timer.next().filter(Duration.ofSeconds(10)::equals).isPresent());
    timer.advance(Duration.ofSeconds(10));

    assertThat(run.outcome().join()).isInstanceOf(Outcome.Finished.class);
    JsonNode result = last(run, EventType.TOOL_CALL_RESULT);
    assertThat(result.get("content").asText()).isEqualTo("search took longer than 10 s.");
    assertThat(result.at("/metadata/runwire/failed").asBoolean()).isTrue();
    assertThat(last(run, EventType.TEXT_MESSAGE_CONTENT).get("delta").asText())
        .isEqualTo("TOOL_TIMEOUT");
    await().until(() -> interrupted.getCount() == 0);
    assertThat(runner.metrics().toolTimeouts()).isEqualTo(1);
  }

  @Test
  void aToolThatThrowsIsShownAndThrowsInTheAgent() {
    RunHandle run =
        run(
            context ->
                context.tool(
                    "read",
                    Map.of(),
                    () -> {
                      throw new java.io.FileNotFoundException("notes.md");
                    }));

    assertThat(run.outcome().join())
        .isEqualTo(new Outcome.Failed("AGENT_ERROR", "FileNotFoundException: notes.md", 1));
    assertThat(last(run, EventType.TOOL_CALL_RESULT).get("content").asText())
        .isEqualTo("FileNotFoundException: notes.md");
  }

  @Test
  void aResultTooLargeToShowIsReturnedAllTheSame() {
    RunHandle run =
        run(
            context -> {
              String text = context.tool("read", Map.of(), () -> "x".repeat(2 << 20));
              context.result(text.length());
            });

    assertThat(run.outcome().join()).isInstanceOf(Outcome.Finished.class);
    assertThat(last(run, EventType.RUN_FINISHED).get("result").asInt()).isEqualTo(2 << 20);
    assertThat(last(run, EventType.TOOL_CALL_RESULT).get("content").asText())
        .contains("TOOL_CALL_RESULT");
  }

  @Test
  void theEndOfAnAttemptReachesItsTools() {
    CountDownLatch interrupted = new CountDownLatch(1);
    RunHandle run =
        run(context -> context.tool("search", Map.of(), () -> blockUntilInterrupted(interrupted)));
    awaitBeginning();
    run.cancel();

    assertThat(run.outcome().join()).isEqualTo(new Outcome.Cancelled("CANCELLED"));
    await().until(() -> interrupted.getCount() == 0);
    assertThat(new Watched(log, run).story()).containsExactly("1 RUN_STARTED", "1 CANCELLED");
  }

  @Test
  void subAgentsWorkBesideEachOtherAsSteps() {
    CyclicBarrier together = new CyclicBarrier(3);
    CompletableFuture<List<BranchEnd>> ends = new CompletableFuture<>();
    RunHandle run =
        run(
            context ->
                ends.complete(
                    context.join(
                        JOIN_LIMIT,
                        List.of(
                            new Branch("a", branch -> meet(together, branch)),
                            new Branch("b", branch -> meet(together, branch)),
                            new Branch(
                                "c",
                                branch -> {
                                  together.await();
                                  throw new AgentException("NO_INDEX", "There is no index.");
                                })))));

    assertThat(run.outcome().join()).isInstanceOf(Outcome.Finished.class);
    assertThat(ends.join().subList(0, 2))
        .containsExactly(
            new BranchEnd.Finished("a", Optional.of("done")),
            new BranchEnd.Finished("b", Optional.of("done")));
    assertThat(ends.join().get(2)).isInstanceOf(BranchEnd.Failed.class);
    assertThat(new Watched(log, run).all(EventType.STEP_FINISHED)).hasSize(3);
    assertThat(last(run, EventType.CUSTOM).at("/value/name").asText()).isEqualTo("c");
    assertThat(last(run, EventType.CUSTOM).at("/value/code").asText()).isEqualTo("NO_INDEX");
  }

  @Test
  void whoIsNotDoneInTimeIsGivenUpSaidSoAndRefusedLater() {
    CountDownLatch release = new CountDownLatch(1);
    CompletableFuture<Throwable> late = new CompletableFuture<>();
    CompletableFuture<Thread> quick = new CompletableFuture<>();
    CompletableFuture<List<BranchEnd>> ends = new CompletableFuture<>();
    RunHandle run =
        run(
            context -> {
              ends.complete(
                  context.join(
                      JOIN_LIMIT,
                      List.of( // the stuck one first, so that it cannot take the quick one's thread
                          new Branch("stuck", branch -> writeLate(branch, release, late)),
                          new Branch(
                              "quick",
                              branch -> {
                                quick.complete(Thread.currentThread());
                                branch.run().message("here");
                              }))));
              context.run().message("going on without");
              never.await();
            });
    awaitEvent(run, EventType.STEP_FINISHED);
    // Back in the pool: then the quick one's end is known.
    await().until(() -> quick.join().getState() == Thread.State.TIMED_WAITING);
    awaitBeginning();
    await().until(() -> timer.next().filter(JOIN_LIMIT::equals).isPresent());
    timer.advance(JOIN_LIMIT);

    assertThat(ends.join().get(0)).isEqualTo(new BranchEnd.TimedOut("stuck"));
    assertThat(ends.join().get(1)).isInstanceOf(BranchEnd.Finished.class);
    JsonNode told = last(run, EventType.CUSTOM);
    assertThat(told.get("name").asText()).isEqualTo("runwire.branch");
    assertThat(told.at("/value/code").asText()).isEqualTo("TIMEOUT");
    assertThat(told.at("/value/message").asText()).isEqualTo("stuck was not done within 5 s.");
    release.countDown();
    assertThat(late.join()).hasMessageContaining("a branch of run").hasMessageContaining("ended");
    never.countDown();
    assertThat(run.outcome().join()).isInstanceOf(Outcome.Finished.class);
    assertThat(new Watched(log, run).all(EventType.TEXT_MESSAGE_START)).hasSize(2);
  }

  @Test
  void moreAtATimeThanTheAgentMayIsRefused() {
    CompletableFuture<List<BranchEnd>> ends = new CompletableFuture<>();
    CountDownLatch refused = new CountDownLatch(1);
    Agent agent =
        branch -> {
          refused.await();
          branch.result("done");
        };
    RunHandle run =
        run(
            context ->
                ends.complete(
                    context.join(
                        JOIN_LIMIT,
                        List.of(
                            new Branch("a", agent),
                            new Branch("b", agent),
                            new Branch("c", agent),
                            new Branch("d", agent),
                            new Branch("after d", agent)))));
    // Branches start in order: where the fifth one's step has begun, the fourth was refused.
    await().until(() -> new Watched(log, run).all(EventType.STEP_STARTED).size() == 5);
    refused.countDown();

    assertThat(run.outcome().join()).isInstanceOf(Outcome.Finished.class);
    assertThat(ends.join().get(3))
        .isInstanceOfSatisfying(
            BranchEnd.Failed.class,
            failed ->
                assertThat(failed.cause())
                    .isInstanceOfSatisfying(
                        ToolException.class,
                        busy -> assertThat(busy.code()).isEqualTo("TOOL_BUSY")));
    assertThat(ends.join().subList(0, 3)).allMatch(BranchEnd.Finished.class::isInstance);
  }

  private RunHandle run(Agent code) {
    return runner.run("researcher", "thread-1", "question", code);
  }

  private JsonNode last(RunHandle run, EventType type) {
    return new Watched(log, run).last(type);
  }

  private void awaitBeginning() {
    await().until(() -> began.getCount() == 0);
  }

  private void awaitEvent(RunHandle run, EventType type) {
    await().until(() -> !new Watched(log, run).all(type).isEmpty());
  }

  private static void meet(CyclicBarrier together, AgentContext branch) throws Exception {
    together.await();
    branch.run().message("met");
    branch.result("done");
  }

  private String blockUntilInterrupted(CountDownLatch interrupted) throws InterruptedException {
    began.countDown();
    try {
      never.await();
      return "not interrupted";
    } catch (InterruptedException e) {
      interrupted.countDown();
      throw e;
    }
  }

  private void writeLate(
      AgentContext branch, CountDownLatch release, CompletableFuture<Throwable> late) {
    began.countDown();
    while (release.getCount() > 0) {
      try {
        release.await();
      } catch (InterruptedException e) {
        // as code that cannot be stopped does
      }
    }
    try {
      branch.run().message("late");
    } catch (IllegalStateException e) {
      late.complete(e);
    }
  }
}
