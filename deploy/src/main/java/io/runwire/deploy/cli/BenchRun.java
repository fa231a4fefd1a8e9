package io.runwire.deploy.cli;

import io.runwire.loadtest.measure.Bench;
import io.runwire.loadtest.report.BenchReport;
import io.runwire.loadtest.report.ReportDirectory;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What all benches have in common: where they leave their logs, what they print, how they end. */
@Command(
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:measured",
      "1:a promise was broken, or with --check a target was missed",
      "2:wrong usage",
      "3:nothing was measured: the system did not come to where it was to be measured"
    })
abstract class BenchRun implements Callable<Integer> {
  private static final int BROKEN = 1;
  private static final int NOT_MEASURED = 3;
  private static final Duration TOKENS_VALID_FOR = Duration.ofHours(3);
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");

  @Option(
      names = "--short",
      description = "Small and quick, whatever the other sizes: shows that it works.")
  boolean shortOne;

  @Option(names = "--check", description = "A missed target is exit code 1.")
  private boolean check;

  @Option(
      names = "--report",
      paramLabel = "DIR",
      description = "For journals and logs (default: a new folder for temporary files).")
  private @Nullable Path report;

  @Spec private @Nullable CommandSpec spec;

  /**
   * The bench as the options want it.
   *
   * @throws IllegalArgumentException naming the option that cannot be
   */
  abstract Bench bench() throws InterruptedException;

  @Override
  public final Integer call() throws InterruptedException {
    PrintWriter out = command().commandLine().getOut();
    Bench bench;
    try {
      bench = bench();
    } catch (IllegalArgumentException e) {
      throw wrong("--" + e.getMessage());
    }
    ReportDirectory directory = directory();
    double loadBefore = load();
    BenchReport measured;
    try {
      measured =
          bench.run(
              new Bench.Setting(
                  DevelopmentLaunch.of(TOKENS_VALID_FOR), directory, line -> print(out, line)));
    } catch (IOException | TimeoutException | RuntimeException e) {
      print(out, "nothing was measured: " + e.getMessage());
      print(out, "logs in " + directory.logs());
      return NOT_MEASURED;
    }
    out.println();
    measured.lines().forEach(out::println);
    out.println(machine(loadBefore, load()));
    out.println("journals and logs in " + directory.path());
    out.flush();
    return measured.kept() && (measured.met() || !check) ? 0 : BROKEN;
  }

  private ReportDirectory directory() {
    try {
      return ReportDirectory.create(
          report == null ? Files.createTempDirectory("runwire-bench-") : report);
    } catch (IOException e) {
      throw wrong("--report: " + e.getMessage());
    }
  }

  private ParameterException wrong(String message) {
    return new ParameterException(command().commandLine(), message);
  }

  private CommandSpec command() {
    if (spec == null) {
      throw new IllegalStateException("set by picocli");
    }
    return spec;
  }

  private String machine(double before, double after) {
    return String.format(
        Locale.ROOT,
        "%s, %d cores, Java %s; load average %.1f before, %.1f after",
        LocalDate.now(),
        Runtime.getRuntime().availableProcessors(),
        Runtime.version().feature(),
        before,
        after);
  }

  private static double load() {
    return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
  }

  private static void print(PrintWriter out, String line) {
    out.println(LocalTime.now().format(TIME) + "  " + line);
    out.flush();
  }
}
