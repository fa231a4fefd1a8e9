package io.runwire.edge.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.runwire.event.AgentName;
import java.net.URLEncoder;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.eclipse.jetty.util.Fields;

/**
 * Which runs a list is to have, as a URL's query spells it: {@code status}, {@code agent}, {@code
 * error} (a part of its code or message), {@code since} and {@code until} (when the run began), and
 * {@code limit}.
 *
 * @param limit at most so many, the newest
 * @param rest what the processor is asked besides, checked
 */
record RunsFilter(int limit, Map<String, String> rest) {
  static final int DEFAULT_LIMIT = 50;
  static final int MAX_LIMIT = 500;
  private static final int MAX_ERROR = 200;

  /** RFC 3339's last moment, as the processor has it. */
  private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999Z");

  private static final Set<String> STATUSES = Set.of("RUNNING", "RETRYING", "FINISHED", "ERROR");

  /** The query is not of its form. */
  static final class MalformedException extends Exception {
    private final String detail;

    MalformedException(String detail) {
      super(detail, null, false, false);
      this.detail = detail;
    }

    String detail() {
      return detail;
    }
  }

  static RunsFilter parse(Fields query) throws MalformedException {
    Map<String, String> rest = new LinkedHashMap<>();
    for (String name : new String[] {"status", "agent", "error", "since", "until"}) {
      String value = query.getValue(name);
      if (value != null) {
        check(name, value);
        rest.put(name, value);
      }
    }
    String limit = query.getValue("limit");
    return new RunsFilter(limit == null ? DEFAULT_LIMIT : limit(limit), rest);
  }

  /** The query for the processor. */
  String query(int atMost) {
    return "limit="
        + atMost
        + rest.entrySet().stream()
            .map(each -> "&" + each.getKey() + "=" + URLEncoder.encode(each.getValue(), UTF_8))
            .collect(Collectors.joining());
  }

  private static void check(String name, String value) throws MalformedException {
    switch (name) {
      case "status" -> require(STATUSES.contains(value), "status: expected one of " + STATUSES);
      case "agent" ->
          require(
              AgentName.valid(value),
              "agent: expected 1-200 chars, no control, no blank at an end");
      case "error" ->
          require(
              !value.isBlank() && value.length() <= MAX_ERROR,
              "error: expected 1-" + MAX_ERROR + " chars");
      default -> time(name, value);
    }
  }

  private static void time(String name, String value) throws MalformedException {
    boolean good;
    try {
      Instant time = OffsetDateTime.parse(value).toInstant();
      good = !time.isBefore(Instant.EPOCH) && !time.isAfter(LAST);
    } catch (DateTimeException notOfTheForm) {
      good = false;
    }
    require(good, name + ": expected a time as in 2026-01-31T09:30:00Z (RFC 3339)");
  }

  private static int limit(String text) throws MalformedException {
    boolean good = text.matches("[0-9]{1,3}");
    int limit = good ? Integer.parseInt(text) : 0;
    require(limit >= 1 && limit <= MAX_LIMIT, "limit: expected 1.." + MAX_LIMIT);
    return limit;
  }

  private static void require(boolean good, String otherwise) throws MalformedException {
    if (!good) {
      throw new MalformedException(otherwise);
    }
  }
}
