package io.runwire.deploy.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.runwire.deploy.replay.CloudEvents;
import io.runwire.deploy.replay.EdgeRuns;
import io.runwire.deploy.replay.Lines;
import io.runwire.deploy.replay.RecordedPace;
import io.runwire.deploy.replay.ReplayDownload;
import io.runwire.deploy.replay.ReplayReader;
import io.runwire.deploy.replay.Transcript;
import io.runwire.deploy.replay.UntilStopped;
import io.runwire.deploy.replay.WithDeliveries;
import io.runwire.event.Ids;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code runwire replay}: what happened in a thread or a run, once more. */
@Command(
    name = "replay",
    description = {
      "Shows a thread, or one run, as it was delivered, up to now.",
      "An answer that is cut off is continued by itself; --after goes on where a replay stopped."
    },
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:whole",
      "1:refused, or something failed",
      "2:wrong usage",
      "3:cut off, and not to be continued now: the cursor to go on from is printed",
      "4:whole, but records of the log are missing: each gap is printed"
    })
final class ReplayCommand implements Callable<Integer> {
  private static final int CUT_OFF = 3;
  private static final int WITH_GAPS = 4;
  private static final int BUFFER_BYTES = 1 << 16;

  /** How a replay is written. */
  enum Output {
    NDJSON,
    CLOUDEVENTS,
    TRANSCRIPT
  }

  /** Where to begin: one of these. */
  static final class Begin {
    @Option(names = "--after", paramLabel = "CURSOR", description = "Behind a cursor.")
    private @Nullable String after;

    @Option(names = "--from", description = "earliest (default) or latest.")
    private @Nullable String from;

    @Option(
        names = "--at",
        paramLabel = "TIME",
        description = "From the first record of that time on, e.g. 2026-01-31T09:30:00Z.")
    private @Nullable String at;
  }

  @Parameters(
      paramLabel = "THREAD",
      arity = "0..1",
      description = "The thread's id; with --run it need not be named.")
  private @Nullable String thread;

  @Option(names = "--run", paramLabel = "RUN", description = "Only this run.")
  private @Nullable String run;

  @ArgGroup(exclusive = true, multiplicity = "0..1")
  private @Nullable Begin begin;

  @Option(names = "--to", paramLabel = "CURSOR", description = "Where to end; default: now.")
  private @Nullable String to;

  @Option(
      names = "--speed",
      defaultValue = "max",
      description = "1x for the time in which it happened, 10x, …, or max (default).")
  private String speed = "";

  @Option(
      names = "--output",
      defaultValue = "transcript",
      description = "ndjson, cloudevents or transcript (default).")
  private Output output = Output.TRANSCRIPT;

  @Option(
      names = "--with-deliveries",
      description = {
        "Tells of each event which connection was shown it, when, how soon that was acknowledged,",
        "and which one was given up. Read from the topic edge-deliveries (--bootstrap). In ndjson:",
        "lines with \"op\":\"delivery\" or \"op\":\"given-up\" behind the event's."
      })
  private boolean withDeliveries;

  @Option(
      names = "--deliveries-within",
      paramLabel = "TIME",
      defaultValue = "PT1H",
      description = "How long after an event its deliveries are looked for (default: PT1H).")
  private Duration within = Duration.ZERO;

  @Option(
      names = "--bootstrap",
      defaultValue = "localhost:9092",
      description = "Kafka brokers, for --with-deliveries (default: ${DEFAULT-VALUE}).")
  private String bootstrap = "";

  @Mixin private EdgeOptions edge = new EdgeOptions();

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    if (withDeliveries && output == Output.CLOUDEVENTS) {
      throw wrong("--with-deliveries: a delivery is no CloudEvent (expected: transcript, ndjson)");
    }
    String wanted = thread();
    OutputStream out = new BufferedOutputStream(System.out, BUFFER_BYTES);
    UntilStopped reader = new UntilStopped(written(out), out, System.err, System::nanoTime);
    if (!withDeliveries) {
      return replay(wanted, reader, reader, out);
    }
    try (WithDeliveries evidence = WithDeliveries.open(reader, bootstrap, within)) {
      int code = replay(wanted, reader, evidence, out);
      System.err.println("-- deliveries: " + evidence.summary());
      return code;
    }
  }

  /**
   * @param stop what is told to stop
   * @param first takes the records
   */
  private int replay(String wanted, UntilStopped stop, ReplayReader first, OutputStream out)
      throws Exception {
    ReplayDownload download =
        new ReplayDownload(
            edge.url(), wanted, query(), () -> edge.token("replay"), ReplayCommand::sleep);
    Thread onStop = new Thread(() -> stopped(stop), "runwire-replay-stop");
    Runtime.getRuntime().addShutdownHook(onStop);
    boolean whole = download.read(paced(first));
    Runtime.getRuntime().removeShutdownHook(onStop);
    out.flush();
    if (!whole) {
      System.err.println(
          "-- cut off after "
              + download.events()
              + " events"
              + download.cursor().map(at -> "; go on with --after " + at).orElse(""));
      return CUT_OFF;
    }
    System.err.printf(
        "-- whole: %,d events; %,d records of the log looked at%s%n",
        download.events(),
        download.scanned(),
        download.interruptions() == 0 ? "" : "; cut off and continued " + download.interruptions());
    return download.gaps() ? WITH_GAPS : 0;
  }

  private String thread() throws IOException, InterruptedException {
    if (run != null && !Ids.valid(run)) {
      throw wrong("--run: expected 1-200 chars of [A-Za-z0-9._~:-]");
    }
    if (thread != null) {
      if (!Ids.valid(thread)) {
        throw wrong("THREAD: expected 1-200 chars of [A-Za-z0-9._~:-]");
      }
      return thread;
    }
    if (run == null) {
      throw wrong("expected THREAD or --run RUN");
    }
    JsonNode row =
        new EdgeRuns(edge.url(), edge.token("replay"))
            .run(run)
            .orElseThrow(() -> new IllegalArgumentException("the ledger knows no run " + run));
    return row.path("thread").asText();
  }

  private Map<String, String> query() {
    Map<String, String> query = new LinkedHashMap<>();
    put(query, "run", run);
    put(query, "to", to);
    if (begin != null) {
      put(query, "after", begin.after);
      put(query, "from", begin.from);
      put(query, "at", begin.at);
    }
    return query;
  }

  private static void put(Map<String, String> query, String name, @Nullable String value) {
    if (value != null) {
      query.put(name, value);
    }
  }

  private ReplayReader written(OutputStream out) {
    return switch (output) {
      case NDJSON -> new Lines(out);
      case CLOUDEVENTS -> new CloudEvents(out);
      case TRANSCRIPT ->
          new Transcript(
              new PrintStream(out, false, StandardCharsets.UTF_8), ZoneId.systemDefault());
    };
  }

  private ReplayReader paced(ReplayReader reader) {
    if (speed.equals("max")) {
      return reader;
    }
    if (!speed.matches("[0-9]{1,4}(\\.[0-9]{1,3})?x") || Double.parseDouble(factor()) == 0) {
      throw wrong("--speed: '" + speed + "' (expected: 1x, 10x, … or max)");
    }
    return new RecordedPace(
        reader, Double.parseDouble(factor()), System::nanoTime, ReplayCommand::sleep);
  }

  private String factor() {
    return speed.substring(0, speed.length() - 1);
  }

  private static void stopped(UntilStopped reader) {
    try {
      reader
          .stop()
          .ifPresent(cursor -> System.err.println("-- stopped; go on with --after " + cursor));
    } catch (IOException e) {
      System.err.println("runwire: " + e);
    }
  }

  private static void sleep(Duration time) throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(time.toNanos());
  }

  private ParameterException wrong(String message) {
    return new ParameterException(
        Objects.requireNonNull(spec, "set by picocli").commandLine(), message);
  }
}
