package io.runwire.edge.hub;

import io.runwire.cursor.Cursor;
import io.runwire.edge.hub.Outlet.Control;
import io.runwire.edge.hub.Outlet.Event;
import io.runwire.edge.hub.Outlet.Outgoing;
import io.runwire.event.Envelope;
import io.runwire.fold.Fold;
import io.runwire.fold.RunPosition;
import io.runwire.fold.Verdict;
import io.runwire.frame.ServerFrame;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * Somebody who follows a thread through any number of connections, and believes all it is told:
 * only of what is sent again for want of an ack it skips what it has, by the rule that every reader
 * applies.
 */
final class Reader {
  private final Bench bench;
  private final String thread;
  private final Start first;
  private final boolean namesRuns;
  private final boolean acknowledges;
  private final List<String> seen = new ArrayList<>();
  private final Map<String, RunPosition> runs = new HashMap<>();
  private Optional<String> cursor = Optional.empty();
  private long floor = Fold.NO_FLOOR;
  private Client client;
  private boolean connected;
  private int looked;
  private final Fold fold = new Fold(Fold.DEFAULT_CAPACITY, Fold.NO_FLOOR);

  /** Loses what arrives, until it is sent again. */
  private boolean deaf;

  /** The last event that it took on this connection. */
  private Optional<String> taken = Optional.empty();

  /**
   * @param namesRuns whether it says on resume what it has
   * @param acknowledges whether it acknowledges, now and then
   */
  Reader(Bench bench, String thread, Start first, boolean namesRuns, boolean acknowledges) {
    this.bench = bench;
    this.thread = thread;
    this.first = first;
    this.namesRuns = namesRuns;
    this.acknowledges = acknowledges;
    this.client = bench.connect();
    connect();
  }

  String thread() {
    return thread;
  }

  /** The source offset behind which everything had to come. */
  long floor() {
    return floor;
  }

  List<String> seen() {
    return seen;
  }

  Client client() {
    return client;
  }

  /** Takes in what has arrived. */
  void look() {
    List<Outgoing> received = client.outlet.received();
    for (Outgoing outgoing : received.subList(looked, received.size())) {
      if (outgoing instanceof Event event) {
        deaf &= event.redelivery() == 0;
        if (!deaf) {
          take(event);
        }
      } else if (!deaf) {
        if (((Control) outgoing).frame() instanceof ServerFrame.Subscribed subscribed
            && cursor.isEmpty()) {
          floor = subscribed.cursor().sourceOffset();
        }
        cursor = Client.cursor(outgoing).or(() -> cursor);
      }
    }
    looked = received.size();
    connected &= client.outlet.closed().isEmpty();
  }

  private void take(Event event) {
    Envelope envelope = event.entry().envelope();
    Verdict verdict = fold.apply(envelope);
    if (event.redelivery() > 0 && verdict != Verdict.PASS) {
      return;
    }
    seen.add(ExactlyOnceTest.name(envelope));
    runs.put(envelope.run(), RunPosition.at(envelope.attempt(), envelope.seq()));
    cursor = Client.cursor(event);
    taken = cursor;
  }

  /** Acknowledges what it has, if it is one that does. */
  void acknowledge() {
    if (acknowledges && connected) {
      taken.ifPresent(
          text -> client.connection.acknowledge(thread, Cursor.decode(text).orElseThrow()));
    }
  }

  /** What arrives from now on is lost, until it is sent again; if it is one that acknowledges. */
  void loseWhatArrives() {
    deaf = acknowledges && connected && cursor.isPresent();
  }

  /** The connection breaks; part of what is in flight has arrived. */
  void loseConnection(Random random) {
    if (connected) {
      client.outlet.breakAfter(random.nextInt(10));
      client.connection.closed();
      connected = false;
      look();
    }
  }

  void connectUnlessConnected() {
    if (!connected) {
      client = bench.connect();
      looked = 0;
      deaf = false;
      taken = Optional.empty();
      connect();
    }
  }

  private void connect() {
    connected = true;
    Start start =
        cursor
            .<Start>map(
                text ->
                    new Start.After(
                        Cursor.decode(text).orElseThrow(),
                        text,
                        namesRuns ? Map.copyOf(runs) : Map.of(),
                        Optional.empty()))
            .orElse(first);
    client.connection.subscribe(1, thread, Optional.empty(), start, acknowledges);
  }

  @Override
  public String toString() {
    return thread
        + " from "
        + first
        + (namesRuns ? ", naming its runs" : "")
        + (acknowledges ? ", acknowledging" : "");
  }
}
