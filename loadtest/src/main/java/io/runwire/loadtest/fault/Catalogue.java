package io.runwire.loadtest.fault;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** All faults that Runwire is to survive, by number; those that are not injected here say why. */
public final class Catalogue {
  static final int BALANCER = 16;

  /** Of the routers, all of them: not a crash, but what a watchdog could take for one. */
  public static final int PAUSE = 37;

  private static final List<Elsewhere> ELSEWHERE =
      List.of(
          new Elsewhere(
              9,
              "unclean leader election",
              "the router refuses a log that allows it; comes with the alarms of the router issue"),
          new Elsewhere(
              31, "broker disk full", "needs a mount of its own, and so a privileged user"),
          new Elsewhere(
              32, "clock an hour off", "needs a time namespace, and so a privileged user"),
          new Elsewhere(
              33,
              "JWKS rotated or away, token expired",
              "a proof's clients carry one token for its length; the edge's own tests do it"
                  + " (RemoteKeysTest, WebSocketAuthTest)"),
          new Elsewhere(
              35, "name lookup fails", "all parts of a proof meet on 127.0.0.1, without names"));

  /** Router kill, broker kill, edge kill, slow readers, producer repeats, poison. */
  public static final List<Integer> SHORT = List.of(1, 5, 12, 20, 26, 27);

  /** What puts the router's argument to the test, and the order that a producer keeps. */
  public static final List<Integer> CRASH = List.of(2, 4, 5, 6);

  private static final List<Entry> ENTRIES =
      Stream.of(ProcessFaults.ALL, NetworkFaults.ALL, LogFaults.ALL, HostFaults.ALL, ELSEWHERE)
          .<Entry>flatMap(List::stream)
          .sorted(Comparator.comparingInt(Entry::number))
          .toList();

  private Catalogue() {}

  /** Every fault, in order. */
  public static List<Entry> entries() {
    return ENTRIES;
  }

  /** What a build has beside {@link #CRASH}: the rest of {@link #SHORT}, and {@link #PAUSE}. */
  public static List<Integer> shortOnesBesideCrashes() {
    return Stream.concat(SHORT.stream().filter(number -> !CRASH.contains(number)), Stream.of(PAUSE))
        .toList();
  }

  /** Those that are injected here and that cost a reader nothing. */
  public static List<Integer> survivable() {
    return ENTRIES.stream()
        .filter(entry -> entry instanceof Fault fault && fault.survival() == Fault.Survival.WHOLE)
        .map(Entry::number)
        .toList();
  }

  /**
   * A fault by its number.
   *
   * @throws IllegalArgumentException if there is none, or it is not injected here
   */
  public static Fault fault(int number) {
    for (Entry entry : ENTRIES) {
      if (entry.number() == number) {
        if (entry instanceof Fault fault) {
          return fault;
        }
        throw new IllegalArgumentException(
            "fault " + number + ", " + entry.name() + ": " + entry.description());
      }
    }
    throw new IllegalArgumentException("fault " + number + " (expected: 1..37)");
  }
}
