package io.runwire.processor.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.runwire.event.AgentName;
import io.runwire.event.Ids;
import io.runwire.processor.ledger.RunFilter;
import io.runwire.processor.ledger.RunStatus;
import java.net.URLEncoder;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Fields;

/**
 * The query of a list of runs, all of it optional.
 *
 * <pre>
 *   status   with commas between; all by default
 *   agent    the agent's name
 *   error    a part of the error's code or message
 *   since    the run began then or later, e.g. 2026-01-31T09:30:00Z
 *   until    the run began then or earlier
 *   limit    {@value #DEFAULT_LIMIT} by default, {@value #MAX_LIMIT} at most
 * </pre>
 */
final class RunsQuery {
  static final int DEFAULT_LIMIT = 50;
  static final int MAX_LIMIT = 500;
  private static final int MAX_ERROR = 200;

  /** RFC 3339's last moment; beyond it a year has more than four digits. */
  private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999Z");

  private RunsQuery() {}

  static RunFilter of(Request request) throws Problem {
    Map<String, String> values = values(request);
    return new RunFilter(
        values.containsKey("status")
            ? statuses(values.get("status"))
            : EnumSet.allOf(RunStatus.class),
        agent(Optional.ofNullable(values.get("agent"))),
        error(Optional.ofNullable(values.get("error"))),
        values.containsKey("since") ? time("since", values.get("since")) : RunFilter.ALWAYS,
        values.containsKey("until") ? time("until", values.get("until")) : RunFilter.FOR_EVER,
        values.containsKey("limit") ? limit(values.get("limit")) : DEFAULT_LIMIT);
  }

  /** The query that {@link #of} reads so. */
  static String write(RunFilter wanted) {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("limit", Integer.toString(wanted.limit()));
    values.put(
        "status",
        wanted.statuses().stream().sorted().map(RunStatus::name).collect(Collectors.joining(",")));
    wanted.agent().ifPresent(name -> values.put("agent", name));
    wanted.error().ifPresent(part -> values.put("error", part));
    if (wanted.sinceMs() != RunFilter.ALWAYS) {
      values.put("since", Instant.ofEpochMilli(wanted.sinceMs()).toString());
    }
    if (wanted.untilMs() != RunFilter.FOR_EVER) {
      values.put("until", Instant.ofEpochMilli(wanted.untilMs()).toString());
    }
    return values.entrySet().stream()
        .map(each -> each.getKey() + "=" + URLEncoder.encode(each.getValue(), UTF_8))
        .collect(Collectors.joining("&"));
  }

  private static Map<String, String> values(Request request) throws Problem {
    Set<String> known = Set.of("status", "agent", "error", "since", "until", "limit");
    Map<String, String> values = new LinkedHashMap<>();
    for (Fields.Field field : fields(request)) {
      if (!known.contains(field.getName())) {
        throw Problem.badRequest(
            "unknown parameter '"
                + Ids.printable(field.getName())
                + "' (known: status, agent, error, since, until, limit)");
      }
      List<String> given = field.getValues();
      if (given.size() != 1) {
        throw Problem.badRequest(field.getName() + ": stands " + given.size() + " times");
      }
      values.put(field.getName(), given.get(0));
    }
    return values;
  }

  private static Fields fields(Request request) throws Problem {
    try {
      return Request.extractQueryParameters(request);
    } catch (RuntimeException undecodable) {
      throw Problem.badRequest("the query cannot be decoded");
    }
  }

  private static Optional<String> agent(Optional<String> name) throws Problem {
    if (name.isPresent() && !AgentName.valid(name.get())) {
      throw wrong("agent", name.get(), "1-200 chars, no control, no blank at an end");
    }
    return name;
  }

  private static Optional<String> error(Optional<String> part) throws Problem {
    if (part.isPresent() && (part.get().isBlank() || part.get().length() > MAX_ERROR)) {
      throw wrong("error", part.get(), "1-" + MAX_ERROR + " chars");
    }
    return part;
  }

  private static long time(String name, String text) throws Problem {
    try {
      Instant time = OffsetDateTime.parse(text).toInstant();
      if (!time.isBefore(Instant.EPOCH) && !time.isAfter(LAST)) {
        return time.toEpochMilli();
      }
    } catch (DateTimeException notOfTheForm) {
      // Falls through to the one message.
    }
    throw wrong(name, text, "a time as in 2026-01-31T09:30:00Z (RFC 3339)");
  }

  private static Set<RunStatus> statuses(String names) throws Problem {
    Set<RunStatus> statuses = EnumSet.noneOf(RunStatus.class);
    for (String name : names.split(",", -1)) {
      statuses.add(
          RunStatus.named(name)
              .orElseThrow(
                  () -> wrong("status", name, "some of " + Arrays.toString(RunStatus.values()))));
    }
    return statuses;
  }

  private static int limit(String text) throws Problem {
    if (text.matches("[0-9]{1,4}")) {
      int limit = Integer.parseInt(text);
      if (limit >= 1 && limit <= MAX_LIMIT) {
        return limit;
      }
    }
    throw wrong("limit", text, "1.." + MAX_LIMIT);
  }

  private static Problem wrong(String name, String value, String expected) {
    return Problem.badRequest(
        name + ": '" + Ids.printable(value) + "' (expected: " + expected + ")");
  }
}
