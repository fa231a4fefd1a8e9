package io.runwire.loadtest.measure;

import io.runwire.loadtest.process.Launch;
import io.runwire.loadtest.report.BenchReport;
import io.runwire.loadtest.report.ReportDirectory;
import java.io.IOException;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** One question about a running system, answered in figures. Used once. */
public interface Bench {
  /**
   * Where a bench works.
   *
   * @param directory for journals and logs
   * @param progress told each step, a line for a person to read; from any thread
   */
  record Setting(Launch launch, ReportDirectory directory, Consumer<String> progress) {}

  /**
   * Measures; takes some minutes. What it started is gone when it returns.
   *
   * @throws TimeoutException if the system did not come to where it was to be measured
   */
  BenchReport run(Setting setting) throws IOException, InterruptedException, TimeoutException;
}
