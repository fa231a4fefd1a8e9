package io.runwire.edge.http;

import io.runwire.event.Ids;
import io.runwire.frame.ClientFrame.From;
import io.runwire.frame.ClientFrame.Subscribe;
import io.runwire.frame.ClientFrameReader;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.util.Fields;

/** A subscription as a URL's query spells it: {@code thread, run, after, from, ack}. */
public final class SubscriptionQuery {
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
    String ack = Optional.ofNullable(query.getValue("ack")).orElse("false");
    if (!ack.equals("true") && !ack.equals("false")) {
      throw new MalformedException("ack: expected true or false");
    }
    Optional<String> after = lastEventId.or(() -> Optional.ofNullable(query.getValue("after")));
    return new Subscribe(0, thread, run, after, Map.of(), from.get(), ack.equals("true"));
  }
}
