package io.runwire.deploy.cli;

import io.runwire.deploy.audit.LedgerRuns;
import io.runwire.deploy.audit.LedgerRuns.Place;
import io.runwire.event.Ids;
import io.runwire.processor.audit.BundleExport;
import io.runwire.processor.audit.BundleExport.Exported;
import io.runwire.processor.audit.BundleExport.Wanted;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code runwire export}: a run with its proofs, as a file. */
@Command(
    name = "export",
    description = {
      "Writes a run, or a thread, with the proofs that it is whole and unaltered.",
      "'runwire verify' checks the file on any machine."
    },
    mixinStandardHelpOptions = true)
final class ExportCommand implements Callable<Integer> {
  @ArgGroup(exclusive = true, multiplicity = "1")
  private What what = new What();

  /** One of the two. */
  static final class What {
    @Parameters(paramLabel = "RUN", arity = "0..1", description = "The run's id.")
    private @Nullable String run;

    @Option(names = "--thread", paramLabel = "THREAD", description = "All runs of a thread.")
    private @Nullable String thread;
  }

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Default: RUN.bundle or THREAD.bundle in this folder; must not exist.")
  private @Nullable Path out;

  @Option(
      names = "--bootstrap",
      defaultValue = "localhost:9092",
      description = "Kafka brokers (default: ${DEFAULT-VALUE}).")
  private String bootstrap = "";

  @Option(
      names = "--ledger",
      defaultValue = "http://localhost:8081",
      description = "The processor's port (default: ${DEFAULT-VALUE}).")
  private URI ledger = URI.create("http://localhost:8081");

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    String id = Objects.requireNonNullElse(what.run, Objects.requireNonNullElse(what.thread, ""));
    if (!Ids.valid(id)) {
      throw wrong("RUN or THREAD: expected 1-200 chars of [A-Za-z0-9._~:-]");
    }
    LedgerRuns runs = new LedgerRuns(ledger);
    Wanted wanted = what.run != null ? run(runs, id) : thread(runs, id);
    Path file = Objects.requireNonNullElse(out, Path.of(id + ".bundle"));
    if (Files.exists(file)) {
      throw wrong("--out: " + file + " exists already");
    }
    // Under another name until it is whole.
    Path part = file.resolveSibling(file.getFileName() + ".part");
    try {
      Exported exported = write(wanted, part);
      Files.move(part, file);
      System.err.printf(
          "%s: %,d records of thread %s; %,d records of the log read for it%n",
          file, exported.entries(), wanted.thread(), exported.recordsRead());
    } finally {
      Files.deleteIfExists(part);
    }
    return 0;
  }

  private Exported write(Wanted wanted, Path file)
      throws IOException, BundleExport.NotSignedException {
    try (BundleExport export = new BundleExport(Map.of("bootstrap.servers", bootstrap));
        PrintWriter lines =
            new PrintWriter(Files.newBufferedWriter(file, StandardCharsets.UTF_8))) {
      Exported exported = export.export(wanted, line -> lines.print(line.toJson() + "\n"));
      if (lines.checkError()) {
        throw new IOException(file + " cannot be written");
      }
      return exported;
    }
  }

  private static Wanted run(LedgerRuns runs, String run) throws Exception {
    Place place =
        runs.run(run)
            .orElseThrow(() -> new IllegalArgumentException("the ledger knows no run " + run));
    return new Wanted(
        place.thread(),
        Optional.of(run),
        place.partition(),
        place.firstOffset(),
        place.lastOffset());
  }

  private static Wanted thread(LedgerRuns runs, String thread) throws Exception {
    List<Place> places = runs.ofThread(thread);
    if (places.isEmpty()) {
      throw new IllegalArgumentException("the ledger knows no run of thread " + thread);
    }
    return new Wanted(
        thread,
        Optional.empty(),
        places.get(0).partition(),
        places.stream().mapToLong(Place::firstOffset).min().orElse(0),
        places.stream().mapToLong(Place::lastOffset).max().orElse(0));
  }

  private ParameterException wrong(String message) {
    return new ParameterException(
        Objects.requireNonNull(spec, "set by picocli").commandLine(), message);
  }
}
