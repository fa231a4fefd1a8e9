package io.runwire.edge.bounds;

import io.runwire.edge.bounds.Place.State;
import io.runwire.edge.settings.BoundsSettings;
import io.runwire.edge.settings.BoundsSettings.WhenFull;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who is connected. A socket without a token waits in a pool of its own and pushes nobody out; with
 * a token it settles, and then his user's oldest, or the node's, may have to go. What "oldest"
 * means is decided by the order of settling, under one lock.
 *
 * <p>Thread-safe. Every collection here is bounded by the places, of which there are at most {@code
 * connections.per.node + connections.unauthenticated}, and has a gauge. They are exact, not caches
 * such as Caffeine's: a cache may forget whom it likes and when it likes, but somebody who is
 * connected must count until he has left, and the one who has to go must be the oldest. Whoever is
 * evicted has left at that moment, though his socket may take until its cut-off to be closed.
 *
 * <p>A client that hangs up in the middle of an HTTP answer is not missed before something is to be
 * written to it. If it comes back under the same name it takes its own place, and nobody else's.
 */
public final class Places {
  private static final Logger log = LoggerFactory.getLogger(Places.class);

  private final BoundsSettings limits;
  private final BoundsMetrics metrics;

  /** In the order of settling. */
  private final Set<Place> settled = new LinkedHashSet<>();

  private final Set<Place> unauthenticated = new LinkedHashSet<>();

  /** Each user's own, in the order of settling. */
  private final Map<String, ArrayDeque<Place>> byUser = new HashMap<>();

  private final Map<Network, Integer> byAddress = new HashMap<>();
  private final Map<Place.Kind, Integer> byKind = new EnumMap<>(Place.Kind.class);
  private boolean draining;

  public Places(BoundsSettings limits, BoundsMetrics metrics) {
    this.limits = limits;
    this.metrics = metrics;
  }

  /**
   * Why a newcomer would not be let in now; empty if he would. Nothing is taken yet, so the answer
   * may be another one a moment later.
   *
   * @param withToken whether his token has been verified
   */
  public Optional<Refusal> ask(Network from, boolean withToken) {
    Optional<Refusal> refusal;
    synchronized (this) {
      refusal = refusal(from, true, withToken);
    }
    refusal.ifPresent(why -> refused(why, from));
    return refusal;
  }

  /** Lets a socket in that has shown no token. */
  public Optional<Refusal> enter(Place place) {
    Optional<Refusal> refusal;
    synchronized (this) {
      if (place.state != State.OUTSIDE) {
        throw new IllegalStateException("entered before");
      }
      refusal = refusal(place.from(), true, false);
      if (refusal.isEmpty()) {
        count(place);
        place.state = State.UNAUTHENTICATED;
        unauthenticated.add(place);
      }
    }
    refusal.ifPresent(why -> refused(why, place.from()));
    return refusal;
  }

  /** Gives a connection its user's place, at the cost of an older one where there is no room. */
  public Optional<Refusal> settle(Place place, String user) {
    Optional<Refusal> refusal;
    Optional<Evicted> evicted = Optional.empty();
    synchronized (this) {
      if (place.state == State.LEFT) {
        return Optional.empty(); // closed while its token was looked at
      }
      boolean newcomer = place.state == State.OUTSIDE;
      refusal = refusal(place.from(), newcomer, true);
      if (refusal.isEmpty()) {
        evicted = makeRoomFor(place, user);
        if (newcomer) {
          count(place);
        }
        unauthenticated.remove(place);
        place.state = State.SETTLED;
        place.user = user;
        settled.add(place);
        byUser.computeIfAbsent(user, u -> new ArrayDeque<>(1)).addLast(place);
      }
    }
    refusal.ifPresent(why -> refused(why, place.from()));
    evicted.ifPresent(
        who -> {
          metrics.evicted(who.why);
          who.place.close(who.why.code());
        });
    return refusal;
  }

  /** A connection is gone. */
  public synchronized void leave(Place place) {
    if (place.state == State.UNAUTHENTICATED || place.state == State.SETTLED) {
      remove(place);
    }
    place.state = State.LEFT;
  }

  /** Lets nobody in from now on, and returns who is there. */
  public synchronized List<Place> closeDoors() {
    draining = true;
    return all();
  }

  /** Who is there now. */
  public synchronized List<Place> all() {
    List<Place> all = new ArrayList<>(settled);
    all.addAll(unauthenticated);
    return all;
  }

  /** Connections of a kind, with and without token. */
  public synchronized int count(Place.Kind kind) {
    return byKind.getOrDefault(kind, 0);
  }

  /** Connections that have shown a token. */
  public synchronized int settled() {
    return settled.size();
  }

  /** How many of these there may be. */
  public int limit() {
    return limits.perNode();
  }

  /** Sockets that have not. */
  public synchronized int unauthenticated() {
    return unauthenticated.size();
  }

  /** Different users. */
  public synchronized int users() {
    return byUser.size();
  }

  /** Different client addresses. */
  public synchronized int addresses() {
    return byAddress.size();
  }

  private Optional<Refusal> refusal(Network from, boolean newcomer, boolean withToken) {
    if (draining) {
      return Optional.of(Refusal.DRAINING);
    }
    if (newcomer && byAddress.getOrDefault(from, 0) >= limits.perAddress()) {
      return Optional.of(Refusal.ADDRESS);
    }
    if (!withToken && unauthenticated.size() >= limits.unauthenticated()) {
      return Optional.of(Refusal.UNAUTHENTICATED);
    }
    if (withToken && settled.size() >= limits.perNode() && limits.whenFull() == WhenFull.REFUSE) {
      return Optional.of(Refusal.NODE);
    }
    return Optional.empty();
  }

  private Optional<Evicted> makeRoomFor(Place place, String user) {
    ArrayDeque<Place> own = byUser.getOrDefault(user, new ArrayDeque<>(0));
    Optional<Evicted> evicted =
        own.stream()
            .filter(place::isCalledLike)
            .map(before -> new Evicted(before, Eviction.TAKEN_OVER))
            .findFirst();
    if (evicted.isEmpty()) {
      if (own.size() >= limits.perUser()) {
        evicted = Optional.of(new Evicted(own.getFirst(), Eviction.USER));
      } else if (settled.size() >= limits.perNode()) {
        evicted = Optional.of(new Evicted(settled.iterator().next(), Eviction.NODE));
      }
    }
    evicted.ifPresent(
        who -> {
          remove(who.place);
          who.place.state = State.LEFT;
        });
    return evicted;
  }

  private void count(Place place) {
    byAddress.merge(place.from(), 1, Integer::sum);
    byKind.merge(place.kind(), 1, Integer::sum);
  }

  private void remove(Place place) {
    byAddress.computeIfPresent(place.from(), (from, n) -> n == 1 ? null : n - 1);
    byKind.computeIfPresent(place.kind(), (kind, n) -> n - 1);
    unauthenticated.remove(place);
    settled.remove(place);
    if (place.user != null) {
      byUser.computeIfPresent(
          place.user,
          (user, own) -> {
            own.remove(place);
            return own.isEmpty() ? null : own;
          });
    }
  }

  private void refused(Refusal why, Network from) {
    metrics.refused(why);
    log.debug("refused: {} from {}", why, from);
  }

  private record Evicted(Place place, Eviction why) {}
}
