package io.runwire.edge.http;

import io.runwire.event.Ids;
import io.runwire.fold.RunPosition;
import io.runwire.frame.ClientFrame.From;
import io.runwire.frame.ClientFrame.Subscribe;
import io.runwire.frame.ClientFrameReader;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.util.Fields;

/** A subscription as a URL's query spells it: {@code thread, run, after, runs, from, ack}. */
public final class SubscriptionQuery {
  // What the frame spells {"r":[1,57]}; neither comma nor semicolon can be in an id.
  private static final Pattern RUN_POSITION =
      Pattern.compile("([^,;]+),([1-9][0-9]{0,6}),([1-9][0-9]{0,15})");

  /** The query is not of its form. */
  public static final class MalformedException extends Exception {
    private final String detail;

    MalformedException(String detail) {
      super(detail, null, false, false);
      this.detail = detail;
    }

    public String detail() {
      return detail;
    }
  }

  private SubscriptionQuery() {}

  /** The subscription with id 0 that the query asks for, or empty where it names no thread. */
  public static Optional<Subscribe> parse(Fields query) throws MalformedException {
    String thread = query.getValue("thread");
    return thread == null ? Optional.empty() : Optional.of(parse(thread, query, Optional.empty()));
  }

  /**
   * @param lastEventId wins over {@code after}: the browser resumes from there
   */
  static Subscribe parse(String thread, Fields query, Optional<String> lastEventId)
      throws MalformedException {
    if (!Ids.valid(thread)) {
      throw new MalformedException("thread: not an id");
    }
    Optional<String> run = Optional.ofNullable(query.getValue("run"));
    if (run.isPresent() && !Ids.valid(run.get())) {
      throw new MalformedException("run: not an id");
    }
    String fromName = Optional.ofNullable(query.getValue("from")).orElse("latest");
    Optional<From> from = ClientFrameReader.fromNamed(fromName);
    if (from.isEmpty()) {
      throw new MalformedException("from: expected earliest, open or latest");
    }
    boolean ack = flag(query, "ack");
    Optional<String> after = lastEventId.or(() -> Optional.ofNullable(query.getValue("after")));
    return new Subscribe(0, thread, run, after, runs(query), from.get(), ack);
  }

  /** Whether {@code name=true} stands in the query; false where it is left out. */
  static boolean flag(Fields query, String name) throws MalformedException {
    String value = Optional.ofNullable(query.getValue(name)).orElse("false");
    if (!value.equals("true") && !value.equals("false")) {
      throw new MalformedException(name + ": expected true or false");
    }
    return value.equals("true");
  }

  /**
   * {@code place=name}: what the client calls the stream, which takes the place of its last one.
   */
  static Optional<String> place(Fields query) throws MalformedException {
    Optional<String> place = Optional.ofNullable(query.getValue("place"));
    if (place.isPresent() && !Ids.valid(place.get())) {
      throw new MalformedException("place: not an id");
    }
    return place;
  }

  /** {@code runs=r,1,57;s,2,3}: what the client has of the thread's runs, oldest first. */
  static Map<String, RunPosition> runs(Fields query) throws MalformedException {
    Map<String, RunPosition> runs = new LinkedHashMap<>();
    String value = Optional.ofNullable(query.getValue("runs")).orElse("");
    for (String each : value.isEmpty() ? new String[0] : value.split(";", -1)) {
      Matcher parts = RUN_POSITION.matcher(each);
      if (!parts.matches()
          || !Ids.valid(parts.group(1))
          || runs.size() == ClientFrameReader.MAX_RUNS) {
        throw new MalformedException(
            "runs: expected run,attempt,seq, joined by ';', at most " + ClientFrameReader.MAX_RUNS);
      }
      runs.put(
          parts.group(1),
          RunPosition.at(Integer.parseInt(parts.group(2)), Long.parseLong(parts.group(3))));
    }
    return runs;
  }
}
