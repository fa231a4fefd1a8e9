package io.runwire.deploy.cli;

import io.runwire.loadtest.measure.Bench;
import io.runwire.loadtest.measure.NotaryBench;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code runwire bench notary}. */
@Command(name = "notary", description = "How fast a notary signs what lies in the log.")
final class BenchNotaryCommand extends BenchRun {
  private static final long SHORT_RECORDS = 50_000;

  @Option(names = "--records", defaultValue = "1000000", description = "That lie in the log.")
  private long records;

  @Option(names = "--threads", defaultValue = "10000", description = "That wrote them.")
  private int threads;

  @Option(names = "--bytes", defaultValue = "500", description = "Of an event.")
  private int bytes;

  @Override
  Bench bench() {
    return new NotaryBench(shortOne ? Math.min(records, SHORT_RECORDS) : records, threads, bytes);
  }
}
