package io.runwire.edge.hub;

import io.runwire.cursor.Cursor;
import io.runwire.edge.hub.Outlet.Control;
import io.runwire.edge.hub.Outlet.Event;
import io.runwire.edge.hub.Outlet.Outgoing;
import io.runwire.event.Envelope;
import io.runwire.fold.RunPosition;
import io.runwire.frame.ServerFrame;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A socket's peer: what it asks for and what it was told, in words that a test can compare. */
final class Client {
  final Connection connection;
  final RecordingOutlet outlet;
  private final Bench bench;
  private int seen;

  Client(Bench bench, Connection connection, RecordingOutlet outlet) {
    this.bench = bench;
    this.connection = connection;
    this.outlet = outlet;
  }

  Client latest(String thread) {
    return subscribe(thread, Optional.empty(), new Start.Latest());
  }

  Client earliest(String thread) {
    return subscribe(thread, Optional.empty(), new Start.Earliest());
  }

  Client open(String thread) {
    return subscribe(thread, Optional.empty(), new Start.Open());
  }

  Client after(String thread, String cursor) {
    return after(thread, cursor, Map.of(), Optional.empty());
  }

  Client after(
      String thread, String cursor, Map<String, RunPosition> runs, Optional<Duration> maxAge) {
    Cursor decoded = Cursor.decode(cursor).orElseThrow();
    return subscribe(thread, Optional.empty(), new Start.After(decoded, cursor, runs, maxAge));
  }

  Client subscribe(String thread, Optional<String> run, Start start) {
    connection.subscribe(1, thread, run, start);
    bench.settle();
    return this;
  }

  /** One that acknowledges. */
  Client acknowledging(String thread, Start start) {
    connection.subscribe(1, thread, Optional.empty(), start, true);
    bench.settle();
    return this;
  }

  /** Acknowledges what came up to an event, given by its seq. */
  void acknowledge(String thread, long seq) {
    connection.acknowledge(thread, Cursor.decode(cursorOf(seq)).orElseThrow());
    bench.settle();
  }

  /** The cursor that came with an event, given by its seq. */
  String cursorOf(long seq) {
    return outlet.received().stream()
        .filter(Event.class::isInstance)
        .map(Event.class::cast)
        .filter(event -> event.entry().envelope().seq() == seq)
        .findFirst()
        .flatMap(Client::cursor)
        .orElseThrow(() -> new AssertionError("no event " + seq + " came"));
  }

  /** What has come since the last call: {@code event run/attempt/seq}, or the notice's name. */
  List<String> news() {
    bench.settle();
    List<Outgoing> all = outlet.received();
    List<String> news = all.subList(seen, all.size()).stream().map(Client::words).toList();
    seen = all.size();
    return news;
  }

  /** The cursor that came last, as a client would keep it. */
  String cursor() {
    List<Outgoing> all = outlet.received();
    for (int i = all.size() - 1; i >= 0; i--) {
      Optional<String> cursor = cursor(all.get(i));
      if (cursor.isPresent()) {
        return cursor.get();
      }
    }
    throw new AssertionError("no cursor came");
  }

  /** The last frame of a kind. */
  <F extends ServerFrame> F last(Class<F> kind) {
    return outlet.received().stream()
        .filter(Control.class::isInstance)
        .map(outgoing -> ((Control) outgoing).frame())
        .filter(kind::isInstance)
        .map(kind::cast)
        .reduce((first, second) -> second)
        .orElseThrow(() -> new AssertionError("no " + kind.getSimpleName() + " came"));
  }

  static Optional<String> cursor(Outgoing outgoing) {
    if (outgoing instanceof Event event) {
      return Optional.of(
          StandardCharsets.US_ASCII.decode(event.entry().frame().cursor()).toString());
    }
    ServerFrame frame = ((Control) outgoing).frame();
    if (frame instanceof ServerFrame.Subscribed subscribed) {
      return Optional.of(subscribed.cursor().encode());
    }
    if (frame instanceof ServerFrame.Live live) {
      return Optional.of(live.cursor().encode());
    }
    return frame instanceof ServerFrame.Gap gap ? Optional.of(gap.to().encode()) : Optional.empty();
  }

  private static String words(Outgoing outgoing) {
    if (outgoing instanceof Event event) {
      Envelope envelope = event.entry().envelope();
      return "event "
          + envelope.run()
          + "/"
          + envelope.attempt()
          + "/"
          + envelope.seq()
          + (event.redelivery() > 0 ? " again " + event.redelivery() : "");
    }
    ServerFrame frame = ((Control) outgoing).frame();
    if (frame instanceof ServerFrame.Subscribed subscribed) {
      return subscribed.recovered() ? "subscribed" : "subscribed, not recovered";
    }
    if (frame instanceof ServerFrame.Gap gap) {
      return "gap " + gap.reason();
    }
    if (frame instanceof ServerFrame.Error error) {
      return "error " + error.code();
    }
    return frame.getClass().getSimpleName().toLowerCase(Locale.ROOT);
  }
}
