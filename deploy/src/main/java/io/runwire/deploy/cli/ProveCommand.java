package io.runwire.deploy.cli;

import io.runwire.loadtest.drive.SdkFleet;
import io.runwire.loadtest.fault.Catalogue;
import io.runwire.loadtest.fault.Entry;
import io.runwire.loadtest.fault.Fault;
import io.runwire.loadtest.process.Layout;
import io.runwire.loadtest.proof.Proof;
import io.runwire.loadtest.proof.ProofOptions;
import io.runwire.loadtest.report.ProofReport;
import io.runwire.loadtest.report.ReportDirectory;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code runwire prove}: breaks a whole system on purpose and says whether a promise was broken.
 */
@Command(
    name = "prove",
    description = "Runs a whole system on this machine, breaks it on purpose, and judges it.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:every guarantee was kept",
      "1:a guarantee was broken",
      "2:wrong usage",
      "3:nothing was proven: the system did not start, or its journals cannot be judged"
    })
final class ProveCommand implements Callable<Integer> {
  private static final int BROKEN = 1;
  private static final int NOT_PROVEN = 3;
  private static final Duration TOKEN_SLACK = Duration.ofHours(2);
  private static final Duration LONGEST_ROUND = Duration.ofMinutes(20);
  private static final int SEEDS = 1_000_000;
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");

  @ArgGroup private Selection selection = new Selection();

  /** Which faults. */
  static final class Selection {
    @Option(
        names = "--faults",
        split = ",",
        paramLabel = "N",
        description = "By number, e.g. 1,2,12; see --list.")
    private List<Integer> faults = List.of();

    @Option(names = "--short", description = "The short selection (default).")
    private boolean shortOnes;

    @Option(
        names = "--build",
        description =
            "What is part of the build: crashes, and in the end, once each, a pause of all routers"
                + " and the rest of the short selection.")
    private boolean build;

    @Option(
        names = "--crash",
        description = "Crashes of routers and brokers, and in the end a pause of all routers.")
    private boolean crash;

    @Option(names = "--all", description = "All that are to cost a reader nothing.")
    private boolean all;

    List<Integer> numbers() {
      if (all) {
        return Catalogue.survivable();
      }
      if (crash || build) {
        return Catalogue.CRASH;
      }
      return faults.isEmpty() ? Catalogue.SHORT : faults;
    }

    /** Once, in the end. */
    List<Integer> last() {
      return build
          ? Catalogue.shortOnesBesideCrashes()
          : crash ? List.of(Catalogue.PAUSE) : List.of();
    }

    /** The option that makes it. */
    String option() {
      if (crash || build) {
        return crash ? "--crash" : "--build";
      }
      return "--faults " + numbers().stream().map(String::valueOf).collect(Collectors.joining(","));
    }
  }

  @Option(
      names = "--seed",
      description = "Of order and timing; printed, so that a run can be repeated.")
  private @Nullable Long seed;

  @Option(
      names = "--times",
      paramLabel = "N",
      defaultValue = "1",
      description = "How often each fault (default: once).")
  private int times;

  @Option(
      names = "--minutes",
      defaultValue = "0",
      description = "Go on with further rounds for so long.")
  private int minutes;

  @Option(
      names = "--report",
      paramLabel = "DIR",
      description = "For journals, logs and verdict (default: a new folder for temporary files).")
  private @Nullable Path report;

  @Option(
      names = "--checkout",
      paramLabel = "DIR",
      defaultValue = "${sys:runwire.checkout:-.}",
      description =
          "Of this project: its JavaScript SDK reads, too (default: that of this command).")
  private Path checkout = Path.of(".");

  @Option(names = "--list", description = "Print the faults and end.")
  private boolean list;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    PrintWriter out = command().commandLine().getOut();
    if (list) {
      Catalogue.entries().forEach(entry -> out.println(line(entry)));
      return 0;
    }
    ProofOptions options = options(SdkFleet.of(checkout, why -> print(out, why)));
    ProofReport proven;
    try {
      proven =
          Proof.run(
              options,
              DevelopmentLaunch.of(
                  Duration.ofMinutes(minutes)
                      .plus(LONGEST_ROUND.multipliedBy(times))
                      .plus(TOKEN_SLACK)),
              line -> print(out, line));
    } catch (IOException | TimeoutException | RuntimeException e) {
      print(out, "nothing was proven: " + e.getMessage());
      print(out, "logs in " + options.directory().logs());
      return NOT_PROVEN;
    }
    out.println();
    proven.lines().forEach(out::println);
    out.println("report in " + options.directory().path());
    out.flush();
    return proven.judgement().kept() ? 0 : BROKEN;
  }

  private ProofOptions options(Optional<SdkFleet> sdk) throws IOException {
    if (times < 1) {
      throw wrong("--times: " + times + " (expected: >= 1)");
    }
    if (minutes < 0) {
      throw wrong("--minutes: " + minutes + " (expected: >= 0)");
    }
    List<Fault> faults;
    try {
      faults = selection.numbers().stream().map(Catalogue::fault).toList();
    } catch (IllegalArgumentException e) {
      throw wrong("--faults: " + e.getMessage());
    }
    long chosen = seed != null ? seed : new SplittableRandom().nextLong(SEEDS);
    return new ProofOptions(
        Layout.REDUNDANT,
        faults,
        times,
        Duration.ofMinutes(minutes),
        selection.last().stream().map(Catalogue::fault).toList(),
        chosen,
        directory(),
        repeat(chosen),
        sdk);
  }

  private ReportDirectory directory() throws IOException {
    if (report == null) {
      return ReportDirectory.create(Files.createTempDirectory("runwire-prove-"));
    }
    try {
      return ReportDirectory.create(report);
    } catch (IOException e) {
      throw wrong("--report: " + e.getMessage());
    }
  }

  private String repeat(long chosen) {
    return "deploy/runwire prove "
        + selection.option()
        + " --seed "
        + chosen
        + (times > 1 ? " --times " + times : "")
        + (minutes > 0 ? " --minutes " + minutes : "");
  }

  private ParameterException wrong(String message) {
    return new ParameterException(command().commandLine(), message);
  }

  private CommandSpec command() {
    return Objects.requireNonNull(spec, "set by picocli");
  }

  private static String line(Entry entry) {
    return "%2d %s %-42s %s"
        .formatted(
            entry.number(), entry instanceof Fault ? " " : "-", entry.name(), entry.description());
  }

  private static void print(PrintWriter out, String line) {
    out.println(LocalTime.now().format(TIME) + "  " + line);
    out.flush();
  }
}
