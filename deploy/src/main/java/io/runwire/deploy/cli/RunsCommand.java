package io.runwire.deploy.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.runwire.deploy.replay.EdgeRuns;
import io.runwire.deploy.replay.EdgeRuns.Found;
import io.runwire.event.Ids;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code runwire runs}: finds runs by what somebody remembers of them. */
@Command(
    name = "runs",
    description = {
      "Lists runs, the newest first: of a thread, an agent, a status, with an error, of a time.",
      "'runwire replay --run RUN' shows one."
    },
    mixinStandardHelpOptions = true)
final class RunsCommand implements Callable<Integer> {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT)
          .withZone(ZoneId.systemDefault());

  /** So long before it went on a run may have begun. */
  private static final Duration LONGEST = Duration.ofDays(1);

  /** As the ledger has it. */
  enum Status {
    RUNNING,
    RETRYING,
    FINISHED,
    ERROR
  }

  @Option(names = "--thread", paramLabel = "THREAD", description = "Of this thread.")
  private @Nullable String thread;

  @Option(
      names = "--agent",
      paramLabel = "NAME",
      description = "Of the agent of this name, where its runs carry it (the header 'agent').")
  private @Nullable String agent;

  @Option(names = "--status", description = "One of ${COMPLETION-CANDIDATES}.")
  private @Nullable Status status;

  @Option(
      names = "--error",
      paramLabel = "TEXT",
      description = "Whose error, as the user saw it, contains this; case does not matter.")
  private @Nullable String error;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description = {
        "That went on then or later, e.g. 2026-01-31T09:30:00Z,",
        "and began at most a day before."
      })
  private @Nullable Instant since;

  @Option(names = "--until", paramLabel = "TIME", description = "That began then or earlier.")
  private @Nullable Instant until;

  @Option(names = "--json", description = "A row a line, as the edge gives it.")
  private boolean json;

  @Mixin private EdgeOptions edge = new EdgeOptions();

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    if (thread != null && !Ids.valid(thread)) {
      throw new ParameterException(
          Objects.requireNonNull(spec, "set by picocli").commandLine(),
          "--thread: expected 1-200 chars of [A-Za-z0-9._~:-]");
    }
    EdgeRuns runs = new EdgeRuns(edge.url(), edge.token("runs"));
    Found asked = thread != null ? new Found(runs.ofThread(thread), false) : runs.all(filter());
    List<JsonNode> found =
        asked.rows().stream()
            .filter(this::matches)
            .sorted(Comparator.comparingLong(RunsCommand::startedAt).reversed())
            .toList();
    if (json) {
      found.forEach(System.out::println);
    } else {
      print(found);
    }
    if (asked.rows().size() >= EdgeRuns.MOST) {
      System.err.printf(
          "-- only the latest %,d runs were looked at; ask for less to see others%n",
          EdgeRuns.MOST);
    }
    if (asked.partial()) {
      System.err.println(
          "-- not all of the ledger was looked at: a part gave no answer, or there was too much;"
              + " ask again, or for a shorter time");
    }
    return 0;
  }

  private Map<String, String> filter() {
    Map<String, String> filter = new LinkedHashMap<>();
    put(filter, "status", status);
    put(filter, "agent", agent);
    put(filter, "error", error);
    put(filter, "since", since == null ? null : since.minus(LONGEST));
    put(filter, "until", until);
    return filter;
  }

  private static void put(Map<String, String> filter, String name, @Nullable Object value) {
    if (value != null) {
      filter.put(name, value.toString());
    }
  }

  /** A thread's runs are not filtered by the ledger, and when a run ended it does not look for. */
  private boolean matches(JsonNode row) {
    return (agent == null || row.path("agent").asText().equals(agent))
        && (status == null || row.path("status").asText().equals(status.name()))
        && (error == null || errorOf(row).toLowerCase(Locale.ROOT).contains(lower(error)))
        && (since == null || row.path("endedAt").asLong(Long.MAX_VALUE) >= since.toEpochMilli())
        && (until == null || startedAt(row) <= until.toEpochMilli());
  }

  private static void print(List<JsonNode> rows) {
    System.out.printf(
        "%-19s  %-8s  %7s  %9s  %-28s  %-16s  %s%n",
        "STARTED", "STATUS", "EVENTS", "SECONDS", "RUN", "AGENT", "THREAD, ERROR");
    for (JsonNode row : rows) {
      boolean ended = row.path("endedAt").isIntegralNumber();
      System.out.printf(
          Locale.ROOT,
          "%-19s  %-8s  %7d  %9s  %-28s  %-16s  %s%s%n",
          TIME.format(Instant.ofEpochMilli(startedAt(row))),
          row.path("status").asText(),
          row.path("events").asLong(),
          ended
              ? String.format(
                  Locale.ROOT, "%.1f", (row.path("endedAt").asLong() - startedAt(row)) / 1e3)
              : "-",
          row.path("run").asText(),
          row.path("agent").asText("-"),
          row.path("thread").asText(),
          errorOf(row).isEmpty() ? "" : ", " + errorOf(row).replaceAll("\\p{Cntrl}+", " "));
    }
  }

  private static long startedAt(JsonNode row) {
    return row.path("startedAt").asLong();
  }

  private static String errorOf(JsonNode row) {
    JsonNode error = row.path("error");
    return (error.path("code").asText("") + " " + error.path("message").asText("")).strip();
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }
}
