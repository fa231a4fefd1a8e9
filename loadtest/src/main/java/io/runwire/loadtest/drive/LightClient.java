package io.runwire.loadtest.drive;

import com.fasterxml.jackson.databind.JsonNode;
import io.runwire.fold.Verdict;
import io.runwire.frame.CloseCode;
import io.runwire.loadtest.journal.Hashes;
import io.runwire.loadtest.journal.Seen;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A reader of one thread that costs a few kilobytes: follows it over whatever line there is,
 * resumes by cursor and runs, lets the fold judge last, and journals what it would have handed on.
 *
 * <p>It knows the wire contract and nothing of the edge. Lives on its {@link LineLoop}'s thread.
 */
final class LightClient implements Link.User, LineLoop.Tenant {
  private static final Logger LOG = LoggerFactory.getLogger(LightClient.class);

  /** The reason of a gap that no edge announced: a hole that did not close. */
  static final String HOLE = "HOLE";

  private static final int RESUBSCRIPTIONS_PER_HOLE = 3;
  private static final long ACK_EVERY_MS = 200;
  private static final long ACK_WHILE_STALLED_EVERY_MS = 1_000;

  /** What an edge cannot do now but may do soon; any other refusal is the end. */
  private static final Set<String> TRANSIENT = Set.of("LOG_UNAVAILABLE", "LEDGER_UNAVAILABLE");

  private enum Subscription {
    OFF,
    ASKED,
    OPEN
  }

  private final String name;
  private final Wish wish;
  private final Clocks clocks;
  private final Consumer<Seen> journal;
  private final ClientCounters counters;
  private final Link link;
  private final Backoff backoff;
  private final Position position = new Position();

  private Subscription subscription = Subscription.OFF;
  private boolean everSubscribed;
  private long requestId;
  private Optional<Long> resubscribeAtMs = Optional.empty();
  private int holes; // in a row, without an event between them
  private boolean unacknowledged;
  private long handedOn;
  private long ackedMs;

  /** Where in the second it acknowledges while it is stalled: a fleet must not do so in step. */
  private final long ackPhaseMs;

  private long lastEventMs;

  /** Where clients connect, and with what. */
  record Access(List<URI> edges, Supplier<String> token, Line.Dialer dialer) {}

  /**
   * @param name its name in the journal
   * @param first the index of the edge to begin with
   * @param random from 0, inclusive, to 1
   */
  LightClient(
      String name,
      Wish wish,
      Access access,
      int first,
      Clocks clocks,
      DoubleSupplier random,
      Consumer<Seen> journal,
      ClientCounters counters) {
    this.name = name;
    this.wish = wish;
    this.clocks = clocks;
    this.journal = journal;
    this.counters = counters;
    this.link =
        new Link(access.edges(), first, access.token(), access.dialer(), clocks, random, this);
    this.backoff = new Backoff(random);
    this.lastEventMs = now();
    this.ackPhaseMs = (long) (random.getAsDouble() * ACK_WHILE_STALLED_EVERY_MS);
  }

  /**
   * Stops or resumes reading. While it does not read it goes on acknowledging, if it does at all.
   */
  void read(boolean on) {
    link.read(on);
  }

  /** Loses its line. */
  void drop() {
    link.drop();
  }

  /** Leaves for good; {@link #isOver} tells when that is done. */
  void close() {
    link.close();
  }

  boolean isOver() {
    return link.isOver();
  }

  @Override
  public void tick(long nowMs) {
    link.tick(nowMs);
    if (link.isUp()) {
      if (resubscribeAtMs.isPresent() && nowMs >= resubscribeAtMs.get()) {
        subscribe();
      }
      acknowledge(nowMs);
    }
    if (!link.isOver()) {
      counters.silent(nowMs - lastEventMs);
    }
  }

  @Override
  public void up(URI edge) {
    counters.up(everSubscribed);
    journal.accept(new Seen.Up(wallMs(), name, edge.toString()));
    subscribe();
  }

  @Override
  public void event(EventHead event) {
    if (!event.thread().equals(wish.thread())) {
      record(event); // nobody would hand it on, but it leaked, and the judge must know
      return;
    }
    if (subscription != Subscription.OPEN) {
      return; // left over from the subscription before
    }
    Verdict verdict = position.accept(event);
    if (verdict == Verdict.HOLE) {
      missing(event);
    } else if (verdict == Verdict.PASS) {
      handOn(event);
    }
    unacknowledged = wish.ack();
  }

  @Override
  public void frame(JsonNode frame) {
    switch (frame.path("op").asText()) {
      case "subscribed" -> subscribed(frame);
      case "live" -> live(frame);
      case "gap" -> gap(frame.path("reason").asText());
      case "unsubscribed" -> unsubscribed(frame);
      case "error" -> refused(frame);
      default -> {} // pong, authorized, and what a later edge may say
    }
  }

  @Override
  public void down(int code) {
    subscription = Subscription.OFF;
    resubscribeAtMs = Optional.empty();
    counters.down();
    journal.accept(new Seen.Down(wallMs(), name, code));
    if (hasReadEnough()) {
      link.close(); // it stays away
    }
  }

  @Override
  public void over(int code, String reason, boolean wasUp) {
    subscription = Subscription.OFF;
    if (wasUp) {
      counters.down();
    }
    journal.accept(new Seen.Down(wallMs(), name, code));
    if (code != CloseCode.NORMAL.code()) {
      counters.lost();
      LOG.warn("{} does not come back: {} {}", name, code, reason);
    }
  }

  private void subscribe() {
    resubscribeAtMs = Optional.empty();
    subscription = Subscription.ASKED;
    unacknowledged = false;
    link.send(ClientJson.subscribe(++requestId, wish, position));
  }

  private void subscribed(JsonNode frame) {
    if (subscription != Subscription.ASKED || frame.path("id").asLong() != requestId) {
      return;
    }
    subscription = Subscription.OPEN;
    if (!everSubscribed) {
      everSubscribed = true;
      journal.accept(new Seen.Subscribed(wallMs(), name, wish.thread(), wish.run(), wish.from()));
    }
    if (position.cursor().isEmpty()) {
      // Only then: in a resume a gap may follow, and until it was told the cursor must stay.
      position.moveTo(frame.path("cursor").asText());
    }
  }

  private void live(JsonNode frame) {
    if (subscription == Subscription.OPEN) {
      backoff.reset();
      String cursor = frame.path("cursor").asText();
      position.moveTo(cursor);
      journal.accept(new Seen.Live(wallMs(), name, wish.thread(), cursor));
    }
  }

  private void gap(String reason) {
    if (subscription != Subscription.OFF) {
      position.gap();
      counters.gap();
      journal.accept(new Seen.Gap(wallMs(), name, wish.thread(), reason));
    }
  }

  /** Unasked, since a right was lost, or asked by us before. */
  private void unsubscribed(JsonNode frame) {
    if (frame.path("id").isMissingNode() && subscription != Subscription.OFF) {
      LOG.warn("{}: the right to read {} was lost", name, wish.thread());
      counters.lost();
      link.close();
    }
  }

  private void refused(JsonNode frame) {
    String code = frame.path("code").asText();
    boolean ours = subscription != Subscription.OFF && frame.path("id").asLong(-1) == requestId;
    if (!ours) {
      LOG.info("{}: {}", name, frame);
    } else if (TRANSIENT.contains(code)) {
      resubscribeLater();
    } else {
      LOG.warn("{}: refused: {}", name, frame);
      counters.lost();
      link.close();
    }
  }

  /** What should have come before did not: asks a few times, then says that it is missing. */
  private void missing(EventHead event) {
    if (++holes <= RESUBSCRIPTIONS_PER_HOLE) {
      resubscribeLater();
      return;
    }
    holes = 0;
    LOG.warn("{}: a hole before {} {} {}", name, event.run(), event.attempt(), event.seq());
    gap(HOLE);
    event(event);
  }

  private void resubscribeLater() {
    link.send(ClientJson.unsubscribe(++requestId, wish.thread()));
    subscription = Subscription.OFF;
    resubscribeAtMs = Optional.of(now() + backoff.nextMs());
  }

  private void handOn(EventHead event) {
    holes = 0;
    backoff.reset();
    lastEventMs = now();
    counters.event(event);
    record(event);
    handedOn++;
    if (hasReadEnough()) {
      read(false);
    }
    if (wish.run().isPresent() && position.hasEnded(wish.run().get())) {
      link.close();
    }
  }

  private boolean hasReadEnough() {
    return wish.readsEvents() > 0 && handedOn >= wish.readsEvents();
  }

  private void record(EventHead event) {
    journal.accept(
        new Seen.Event(
            wallMs(),
            name,
            event.thread(),
            event.run(),
            event.attempt(),
            event.seq(),
            event.ends(),
            Hashes.of(event.event()),
            event.cursor()));
  }

  private void acknowledge(long nowMs) {
    boolean due =
        link.isReading()
            ? unacknowledged && nowMs - ackedMs >= ACK_EVERY_MS
            : wish.ack() && stalledSecond(nowMs) > stalledSecond(ackedMs);
    if (due && subscription == Subscription.OPEN && position.cursor().isPresent()) {
      ackedMs = nowMs;
      unacknowledged = false;
      link.send(ClientJson.ack(wish.thread(), position.cursor().get()));
    }
  }

  private long stalledSecond(long ms) {
    return (ms + ackPhaseMs) / ACK_WHILE_STALLED_EVERY_MS;
  }

  private long now() {
    return clocks.monotonicMs().getAsLong();
  }

  private long wallMs() {
    return clocks.wallMs().getAsLong();
  }
}
