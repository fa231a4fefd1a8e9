package io.runwire.processor.http;

import io.runwire.event.Ids;
import io.runwire.processor.ledger.RunStatus;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Fields;

/**
 * The query of a list of runs.
 *
 * @param statuses those asked for; all, unless named in {@code status}, with commas between
 * @param limit {@link #DEFAULT_LIMIT}, unless named in {@code limit}
 */
record RunsQuery(Set<RunStatus> statuses, int limit) {
  static final int DEFAULT_LIMIT = 50;
  static final int MAX_LIMIT = 500;

  static RunsQuery of(Request request) throws Problem {
    Set<RunStatus> statuses = EnumSet.allOf(RunStatus.class);
    int limit = DEFAULT_LIMIT;
    for (Fields.Field field : fields(request)) {
      switch (field.getName()) {
        case "status" -> statuses = statuses(only(field));
        case "limit" -> limit = limit(only(field));
        default ->
            throw Problem.badRequest(
                "unknown parameter '"
                    + Ids.printable(field.getName())
                    + "' (known: status, limit)");
      }
    }
    return new RunsQuery(statuses, limit);
  }

  private static Fields fields(Request request) throws Problem {
    try {
      return Request.extractQueryParameters(request);
    } catch (RuntimeException undecodable) {
      throw Problem.badRequest("the query cannot be decoded");
    }
  }

  private static String only(Fields.Field field) throws Problem {
    List<String> values = field.getValues();
    if (values.size() != 1) {
      throw Problem.badRequest(field.getName() + ": stands " + values.size() + " times");
    }
    return values.get(0);
  }

  private static Set<RunStatus> statuses(String names) throws Problem {
    Set<RunStatus> statuses = EnumSet.noneOf(RunStatus.class);
    for (String name : names.split(",", -1)) {
      statuses.add(
          RunStatus.named(name)
              .orElseThrow(
                  () ->
                      Problem.badRequest(
                          "status: '"
                              + Ids.printable(name)
                              + "' (expected: some of "
                              + Arrays.toString(RunStatus.values())
                              + ")")));
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
    throw Problem.badRequest(
        "limit: '" + Ids.printable(text) + "' (expected: 1.." + MAX_LIMIT + ")");
  }
}
