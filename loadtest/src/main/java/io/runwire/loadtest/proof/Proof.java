package io.runwire.loadtest.proof;

import io.runwire.loadtest.fault.Fault;
import io.runwire.loadtest.guarantee.History;
import io.runwire.loadtest.guarantee.Judge;
import io.runwire.loadtest.guarantee.Judgement;
import io.runwire.loadtest.journal.LogDump;
import io.runwire.loadtest.process.Launch;
import io.runwire.loadtest.process.Layout;
import io.runwire.loadtest.process.RunwireSystem;
import io.runwire.loadtest.report.Delays;
import io.runwire.loadtest.report.Disturbance;
import io.runwire.loadtest.report.ProofReport;
import io.runwire.loadtest.report.ReportDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * A whole system is started, driven, disturbed, brought to rest and judged. Belongs to one thread;
 * used once.
 */
public final class Proof {
  private final ProofOptions options;
  private final Launch launch;
  private final Consumer<String> progress;
  private final ReportDirectory directory;
  private final List<Disturbance> disturbances = new ArrayList<>();
  private final List<String> notes = new CopyOnWriteArrayList<>();

  private Proof(ProofOptions options, Launch launch, Consumer<String> progress) {
    this.options = options;
    this.launch = launch;
    this.progress = progress;
    this.directory = options.directory();
  }

  /**
   * Runs it; takes a minute and some more for each fault.
   *
   * @param progress told each step, a line for a person to read; from any thread
   * @throws IOException if the report directory cannot be written
   * @throws TimeoutException if the system did not start; its logs are kept
   */
  public static ProofReport run(ProofOptions options, Launch launch, Consumer<String> progress)
      throws IOException, InterruptedException, TimeoutException {
    return new Proof(options, launch, progress).run();
  }

  private ProofReport run() throws IOException, InterruptedException, TimeoutException {
    progress.accept("seed " + options.seed() + ", report in " + directory.path());
    try (RunwireSystem system =
        RunwireSystem.start(
            options.layout(), launch, directory.data(), directory.logs(), this::note)) {
      progress.accept("up: " + describe(system));
      Drive drive = Drive.start(system, directory.path(), directory.data(), options);
      progress.accept("agents write, clients read");
      disturb(system);
      rest(system, drive);
      long records = LogDump.write(system.kafka().bootstrapServers(), directory.dump());
      progress.accept("thread-events dumped: %,d records; judging".formatted(records));
      drive.stopClients();
      ProofReport report = report(describe(system));
      directory.write(report);
      return report;
    }
  }

  private void disturb(RunwireSystem system) throws InterruptedException {
    Random random = new Random(options.seed());
    List<Fault> faults = options.faults().stream().filter(fault -> fits(fault, system)).toList();
    long endNs = System.nanoTime() + options.atLeast().toNanos();
    for (int round = 1;
        round <= options.rounds() || (System.nanoTime() < endNs && !faults.isEmpty());
        round++) {
      inject(Schedule.round(faults, random), system);
    }
    inject(Schedule.round(options.last(), random), system);
  }

  private void inject(List<Schedule.Step> steps, RunwireSystem system) throws InterruptedException {
    for (Schedule.Step step : steps) {
      TimeUnit.NANOSECONDS.sleep(step.pause().toNanos());
      inject(step, system);
    }
  }

  private boolean fits(Fault fault, RunwireSystem system) {
    if (fault.possible(system)) {
      return true;
    }
    note(fault + ": skipped, HAProxy is not installed here");
    return false;
  }

  private void inject(Schedule.Step step, RunwireSystem system) throws InterruptedException {
    Fault fault = step.fault();
    progress.accept("fault " + fault + ": " + fault.description());
    long startMs = System.currentTimeMillis();
    try {
      Fault.Damage damage = fault.injection().start(system, new Random(step.seed()));
      TimeUnit.NANOSECONDS.sleep(fault.lasts().toNanos());
      damage.undo();
      system.awaitReady();
      long readyMs = System.currentTimeMillis();
      disturbances.add(new Disturbance(fault.number(), fault.name(), startMs, readyMs));
      progress.accept("  all ready again after %.1f s".formatted((readyMs - startMs) / 1_000.0));
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      // The verdict is the judge's; here it is only told that the system did not come back.
      disturbances.add(
          new Disturbance(fault.number(), fault.name(), startMs, System.currentTimeMillis()));
      note("fault " + fault + ": " + e.getMessage());
    }
  }

  private void rest(RunwireSystem system, Drive drive) throws InterruptedException, IOException {
    progress.accept("agents finish");
    drive.stopAgents();
    SeenLines events = new SeenLines(directory.path(), "event");
    boolean caughtUp = new CatchUp(system, events).await();
    progress.accept("clients have received %,d events".formatted(events.count()));
    if (!caughtUp) {
      note("clients or routers were not at rest when time was up");
    }
    OptionalLong halted = system.haltedSinceMs();
    if (halted.isPresent()) {
      note("the routers have halted, and wait for an operator");
      Files.writeString(directory.halted(), Long.toString(halted.getAsLong()));
    }
  }

  private ProofReport report(String system) {
    Judgement judgement = Judge.judge(History.load(directory.path()));
    Delays delays = Delays.read(directory.path(), disturbances);
    return new ProofReport(
        options.repeat(),
        system,
        disturbances,
        delays.longestMs(),
        delays.longestMsByDisturbance(),
        notes,
        judgement);
  }

  private static String describe(RunwireSystem system) {
    Layout layout = system.layout();
    return "%d brokers, %d routers, %d edges, %s, %d partitions"
        .formatted(
            layout.brokers(),
            layout.routers(),
            layout.edges(),
            system.balancer().isPresent() ? "balancer" : "no balancer (HAProxy is not installed)",
            layout.partitions());
  }

  private void note(String note) {
    notes.add(note);
    progress.accept("note: " + note);
  }
}
