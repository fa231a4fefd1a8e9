package io.runwire.edge.bounds;

import static org.assertj.core.api.Assertions.assertThat;

import io.runwire.edge.settings.BoundsSettings.WhenFull;
import io.runwire.frame.CloseCode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class PlacesTest {
  private static final Network HERE = new Network("192.0.2.1");
  private static final Network ELSEWHERE = new Network("192.0.2.2");

  private final CountedBounds counted = new CountedBounds();
  private final List<String> closed = Collections.synchronizedList(new ArrayList<>());
  private final Places places = new Places(TestBounds.of(WhenFull.EVICT, 1_000), counted);

  @Test
  void aUsersOldestGoesWhenHeOpensOneMore() {
    settle(places, "a1", "a");
    settle(places, "b1", "b");
    settle(places, "a2", "a");
    settle(places, "a3", "a");
    settle(places, "a4", "a");

    assertThat(closed).containsExactly("a1 REPLACED", "a2 REPLACED");
    assertThat(counted.evictions).containsExactly(Eviction.USER, Eviction.USER);
    assertThat(places.settled()).isEqualTo(3);
    assertThat(places.users()).isEqualTo(2);
  }

  /** Else one that was hung up, which nobody has noticed, would push out another tab's. */
  @Test
  void whoComesBackUnderTheSameNameTakesHisOwnPlace() {
    settle(places, "a1", "a");
    settle(places, place("a2", "tab-1"), "a");
    settle(places, place("b1", "tab-1"), "b");

    settle(places, place("a3", "tab-1"), "a");
    assertThat(closed).containsExactly("a2 IDLE");
    assertThat(counted.evictions).containsExactly(Eviction.TAKEN_OVER);

    settle(places, place("a4", "tab-2"), "a");
    assertThat(closed).as("another name is another one").containsExactly("a2 IDLE", "a1 REPLACED");
  }

  @Test
  void aFullNodesOldestGoesWhenItsUserHasRoom() {
    for (int i = 1; i <= TestBounds.PER_NODE + 2; i++) {
      settle(places, "s" + i, "user-" + i);
    }

    assertThat(closed).containsExactly("s1 NODE_FULL", "s2 NODE_FULL");
    assertThat(places.settled()).isEqualTo(TestBounds.PER_NODE);
  }

  @Test
  void aFullNodeTakesTheUsersOwnBeforeAnothers() {
    settle(places, "other", "b");
    settle(places, "a1", "a");
    settle(places, "a2", "a");
    for (int i = 4; i <= TestBounds.PER_NODE; i++) {
      settle(places, "s" + i, "user-" + i);
    }

    settle(places, "a3", "a");

    assertThat(closed).containsExactly("a1 REPLACED");
  }

  @Test
  void whoHasLeftIsNotEvictedAndMakesRoom() {
    Place first = settle(places, "a1", "a");
    settle(places, "a2", "a");
    places.leave(first);
    places.leave(first);

    settle(places, "a3", "a");

    assertThat(closed).isEmpty();
    assertThat(places.settled()).isEqualTo(2);
    assertThat(places.count(Place.Kind.WEBSOCKET)).isEqualTo(2);
  }

  @Test
  void aFullNodeMayRefuseNewcomersInstead() {
    Places refusing = new Places(TestBounds.of(WhenFull.REFUSE, 1_000), counted);
    for (int i = 1; i <= TestBounds.PER_NODE; i++) {
      settle(refusing, "s" + i, "user-" + i);
    }

    assertThat(refusing.ask(HERE, true)).contains(Refusal.NODE);
    assertThat(refusing.settle(place("late", HERE), "late")).contains(Refusal.NODE);
    assertThat(refusing.ask(HERE, false)).isEmpty();
    assertThat(closed).isEmpty();
    assertThat(counted.refusals).containsExactly(Refusal.NODE, Refusal.NODE);
  }

  @Test
  void socketsWithoutATokenPushNobodyOut() {
    for (int i = 1; i <= TestBounds.PER_NODE; i++) {
      settle(places, "s" + i, "user-" + i);
    }
    for (int i = 1; i <= TestBounds.UNAUTHENTICATED; i++) {
      assertThat(places.enter(place("u" + i, HERE))).isEmpty();
    }

    assertThat(places.ask(HERE, false)).contains(Refusal.UNAUTHENTICATED);
    assertThat(places.enter(place("late", HERE))).contains(Refusal.UNAUTHENTICATED);
    assertThat(closed).isEmpty();
    assertThat(places.unauthenticated()).isEqualTo(TestBounds.UNAUTHENTICATED);
    assertThat(places.ask(HERE, true)).as("with a token").isEmpty();
  }

  @Test
  void aTokenFreesThePlaceInThePool() {
    Place place = place("u", HERE);
    places.enter(place);

    places.settle(place, "a");

    assertThat(places.unauthenticated()).isZero();
    assertThat(places.settled()).isEqualTo(1);
    assertThat(places.addresses()).isEqualTo(1);
    places.leave(place);
    assertThat(places.addresses()).isZero();
    assertThat(places.users()).isZero();
  }

  @Test
  void oneAddressHasItsBoundWithAndWithoutToken() {
    Places narrow = new Places(TestBounds.of(WhenFull.EVICT, 2), counted);
    Place first = place("1", HERE);
    narrow.enter(first);
    settle(narrow, "2", "a");

    assertThat(narrow.ask(HERE, true)).contains(Refusal.ADDRESS);
    assertThat(narrow.settle(place("3", HERE), "b")).contains(Refusal.ADDRESS);
    assertThat(narrow.ask(ELSEWHERE, true)).isEmpty();
    assertThat(narrow.settle(first, "c")).as("who is in already").isEmpty();
    narrow.leave(first);
    assertThat(narrow.ask(HERE, true)).isEmpty();
  }

  @Test
  void aSocketThatWasClosedWhileItsTokenWasLookedAtTakesNoPlace() {
    Place gone = place("gone", HERE);
    places.enter(gone);
    places.leave(gone);

    assertThat(places.settle(gone, "a")).isEmpty();

    assertThat(places.all()).isEmpty();
    assertThat(places.users()).isZero();
  }

  @Test
  void behindClosedDoorsNobodyIsLetIn() {
    Place inside = settle(places, "in", "a");

    assertThat(places.closeDoors()).containsExactly(inside);

    assertThat(places.ask(HERE, true)).contains(Refusal.DRAINING);
    assertThat(places.enter(place("late", HERE))).contains(Refusal.DRAINING);
    assertThat(places.settle(place("late", HERE), "b")).contains(Refusal.DRAINING);
  }

  /** However many come at once: the last of each user stay, and everyone else is closed once. */
  @Test
  void theOrderIsExactUnderManyThreads() throws Exception {
    int threads = 8;
    int each = 500;
    Places roomy = new Places(TestBounds.of(WhenFull.EVICT, 1_000_000), counted);
    CyclicBarrier start = new CyclicBarrier(threads);
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    List<Future<?>> done = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      int number = t;
      done.add(
          pool.submit(
              () -> {
                start.await();
                for (int i = 0; i < each; i++) {
                  settle(roomy, number + "/" + i, "user-" + i % 2 + "-" + number % 2);
                }
                return null;
              }));
    }
    for (Future<?> one : done) {
      one.get();
    }
    pool.shutdown();

    assertThat(closed).doesNotHaveDuplicates().hasSize(threads * each - roomy.settled());
    assertThat(roomy.settled()).isLessThanOrEqualTo(TestBounds.PER_NODE);
    assertThat(roomy.all()).hasSize(roomy.settled());
    Set<String> gone =
        closed.stream()
            .map(text -> text.substring(0, text.indexOf(' ')))
            .collect(Collectors.toSet());
    for (int t = 0; t < threads; t++) {
      for (int user = 0; user < 2; user++) {
        // One thread's own settle in its order: once one of them has stayed, all later ones have.
        boolean stayed = false;
        for (int i = user; i < each; i += 2) {
          boolean evicted = gone.contains(t + "/" + i);
          assertThat(stayed && evicted).as("thread %s, socket %s", t, i).isFalse();
          stayed |= !evicted;
        }
      }
    }
    assertThat(counted.evictions).hasSize(closed.size());
  }

  private void settle(Places where, Place place, String user) {
    assertThat(where.settle(place, user)).isEmpty();
  }

  private Place settle(Places where, String name, String user) {
    Place place = place(name, HERE);
    assertThat(where.settle(place, user)).isEmpty();
    return place;
  }

  private Place place(String label, String name) {
    return new Place(
        Place.Kind.SSE,
        HERE,
        Optional.of(name),
        code -> closed.add(label + " " + code.name()),
        frame -> {});
  }

  private Place place(String name, Network from) {
    return new Place(
        Place.Kind.WEBSOCKET,
        from,
        (CloseCode code) -> closed.add(name + " " + code),
        frame -> {
          throw new AssertionError("nothing to tell");
        });
  }
}
