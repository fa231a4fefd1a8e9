package io.runwire.loadtest.guarantee;

import io.runwire.cursor.Cursor;
import io.runwire.fold.Verdict;
import io.runwire.loadtest.guarantee.Scenario.Plant;
import io.runwire.loadtest.journal.Logged;
import io.runwire.loadtest.journal.Seen;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Bugs on the way to one client, each at a random event that it was handed. */
final class ClientBugs {
  /** An event that a client was handed. */
  private record Place(TestReader reader, int line) {
    Seen.Event event() {
      return (Seen.Event) reader.lines.get(line);
    }

    Optional<Place> at(int otherLine) {
      boolean event =
          otherLine >= 0
              && otherLine < reader.lines.size()
              && reader.lines.get(otherLine) instanceof Seen.Event;
      return event ? Optional.of(new Place(reader, otherLine)) : Optional.empty();
    }

    Optional<Place> before() {
      return at(line - 1);
    }

    Optional<Place> after() {
      return at(line + 1);
    }

    boolean isOfRun(Optional<Place> other) {
      return other.isPresent() && other.get().event().run().equals(event().run());
    }

    /** Where the following that this belongs to was asked for. */
    Seen.Subscribed asked() {
      int at = line;
      while (!(reader.lines.get(at) instanceof Seen.Subscribed)) {
        at--;
      }
      return (Seen.Subscribed) reader.lines.get(at);
    }

    /** The lines behind this one that belong to the same following. */
    List<Seen> rest() {
      int end = line + 1;
      while (end < reader.lines.size() && !(reader.lines.get(end) instanceof Seen.Subscribed)) {
        end++;
      }
      return reader.lines.subList(line + 1, end);
    }

    /** Whether it is the last event of a client that stayed. */
    boolean isLastOfAll() {
      Seen last = reader.lines.get(reader.lines.size() - 1);
      boolean stays = !(last instanceof Seen.Down down) || down.code() == 1000;
      return stays
          && rest().stream().noneMatch(Seen.Event.class::isInstance)
          && line + 1 + rest().size() == reader.lines.size();
    }

    /** Whether the client had to be handed it: it reads all of a thread without gaps. */
    boolean isOwed() {
      return asked().from().equals("earliest") && !reader.thread.equals("t0");
    }

    void insert(Seen seen) {
      reader.lines.add(line, seen);
    }

    void replaceBy(Seen seen) {
      reader.lines.set(line, seen);
    }
  }

  private ClientBugs() {}

  /** An event is missing between two others. */
  static Plant dropInTheMiddle() {
    return at(
        place ->
            place.isOwed()
                && !place.event().ends()
                && place.before().isPresent()
                && place.after().isPresent(),
        place -> place.reader.lines.remove(place.line));
  }

  /** The first events are missing for a client that asked for all. */
  static Plant dropTheBeginning() {
    return at(
        place ->
            place.isOwed()
                && !place.event().ends()
                && place.after().isPresent()
                && place.line > 0
                && place.reader.lines.get(place.line - 1) instanceof Seen.Subscribed,
        place -> place.reader.lines.remove(place.line));
  }

  /** A client that stayed did not come to the last two events. */
  static Plant dropTheTail() {
    return at(
        place -> place.isOwed() && place.isLastOfAll() && place.before().isPresent(),
        place -> place.reader.lines.subList(place.line - 1, place.line + 1).clear());
  }

  /** Of a run only the end is missing. */
  static Plant dropTheEnd() {
    return at(
        place ->
            place.isOwed()
                && place.event().ends()
                && (place.after().isPresent() || place.isLastOfAll()),
        place -> place.reader.lines.remove(place.line));
  }

  /** An event comes again, at once or later. */
  static Plant duplicate() {
    return at(
        place -> true,
        place -> {
          List<Seen> rest = place.rest();
          rest.add(rest.size() / 2, place.event());
        });
  }

  /** Two events of a run change places. */
  static Plant swap() {
    return at(
        place -> place.isOfRun(place.after()),
        place -> Collections.swap(place.reader.lines, place.line, place.line + 1));
  }

  /** Two events of different runs change places. */
  static Plant swapAcrossRuns() {
    return at(
        place -> place.after().isPresent() && !place.isOfRun(place.after()),
        place -> Collections.swap(place.reader.lines, place.line, place.line + 1));
  }

  /** An event of another thread, under the name of the one that the client follows. */
  static Plant leak() {
    return anothersEvent(
        (place, theirs) ->
            place.insert(relabelled(theirs, place.reader.client, place.reader.thread)));
  }

  /** An event of a thread that the client never asked for. */
  static Plant leakOfUnaskedThread() {
    return anothersEvent(
        (place, theirs) -> place.insert(relabelled(theirs, place.reader.client, theirs.thread())));
  }

  /** A client that asked for one run is shown another one of the thread. */
  static Plant leakThroughRunFilter() {
    return (BugInClients)
        (readers, random) -> {
          for (Place place : places(readers, random)) {
            for (Place other : places(readers, random)) {
              if (place.reader.run.isPresent()
                  && other.reader.thread.equals(place.reader.thread)
                  && !place.reader.run.get().equals(other.event().run())) {
                place.insert(relabelled(other.event(), place.reader.client, place.reader.thread));
                return true;
              }
            }
          }
          return false;
        };
  }

  /** A bit of an event's bytes is another one. */
  static Plant flippedBit() {
    return at(
        place -> true,
        place -> {
          Seen.Event e = place.event();
          place.replaceBy(changed(e, e.ends(), e.hash() ^ 1, e.cursor()));
        });
  }

  /** An event is marked as the end of its run, or no longer is. */
  static Plant flippedEndMark() {
    return at(
        place -> true,
        place -> {
          Seen.Event e = place.event();
          place.replaceBy(changed(e, !e.ends(), e.hash(), e.cursor()));
        });
  }

  /** An event under another one's cursor. */
  static Plant wrongCursor() {
    return at(
        place -> place.after().isPresent(),
        place -> {
          Seen.Event e = place.event();
          String others = place.after().orElseThrow().event().cursor();
          place.replaceBy(changed(e, e.ends(), e.hash(), others));
        });
  }

  /** An event that nobody sent. */
  static Plant phantom() {
    return at(
        place -> place.reader.run.isEmpty(),
        place -> {
          Seen.Event e = place.event();
          place.insert(
              new Seen.Event(
                  0, e.client(), e.thread(), e.run() + "-x", 1, 1, false, 7, e.cursor()));
        });
  }

  /** Records are left out, and nobody says so. */
  static Plant skippedGapNotice() {
    return (BugInClients)
        (readers, random) -> {
          for (Place place : places(readers, random)) {
            boolean onlyGap =
                place.reader.lines.stream().filter(Seen.Gap.class::isInstance).count() == 1;
            if (onlyGap
                && place.asked().from().equals("earliest")
                && place.reader.lines.get(place.line - 1) instanceof Seen.Gap
                && place.at(place.line - 2).isPresent()
                && leftOutTogether(place)) {
              place.reader.lines.remove(place.line - 1);
              return true;
            }
          }
          return false;
        };
  }

  /** Whether two or more events in a row are missing at the gap, and none elsewhere. */
  private static boolean leftOutTogether(Place behindGap) {
    Seen.Event before = behindGap.at(behindGap.line - 2).orElseThrow().event();
    Set<Long> seen =
        behindGap.reader.lines.stream()
            .filter(Seen.Event.class::isInstance)
            .map(e -> ((Seen.Event) e).hash())
            .collect(Collectors.toSet());
    List<Logged> between =
        behindGap
            .reader
            .log
            .dump()
            .filter(r -> r.verdict() == Verdict.PASS)
            .filter(r -> r.thread().equals(before.thread()))
            .filter(r -> behindGap.reader.run.map(r.run()::equals).orElse(true))
            .filter(r -> r.offset() > offset(before) && r.offset() < offset(behindGap.event()))
            .toList();
    return between.size() > 1 && between.stream().noneMatch(r -> seen.contains(r.hash()));
  }

  private static long offset(Seen.Event event) {
    return Cursor.decode(event.cursor()).orElseThrow().offset() - 1;
  }

  private static Seen.Event changed(Seen.Event e, boolean ends, long hash, String cursor) {
    return new Seen.Event(
        0, e.client(), e.thread(), e.run(), e.attempt(), e.seq(), ends, hash, cursor);
  }

  private static Seen.Event relabelled(Seen.Event e, String client, String thread) {
    return new Seen.Event(
        0, client, thread, e.run(), e.attempt(), e.seq(), e.ends(), e.hash(), e.cursor());
  }

  /** A bug that needs nothing but the clients. */
  interface BugInClients extends Plant {
    boolean breaks(List<TestReader> readers, Random random);

    @Override
    default boolean inClients(List<TestReader> readers, TestAgents agents, Random random) {
      return breaks(readers, random);
    }
  }

  private interface Break {
    void at(Place place);
  }

  private interface Insertion {
    void at(Place place, Seen.Event theirs);
  }

  private static Plant at(Predicate<Place> fits, Break bug) {
    return (BugInClients)
        (readers, random) -> {
          Optional<Place> place = places(readers, random).stream().filter(fits).findFirst();
          place.ifPresent(bug::at);
          return place.isPresent();
        };
  }

  private static Plant anothersEvent(Insertion bug) {
    return (BugInClients)
        (readers, random) -> {
          for (Place place : places(readers, random)) {
            for (Place other : places(readers, random)) {
              if (!other.reader.thread.equals(place.reader.thread)) {
                bug.at(place, other.event());
                return true;
              }
            }
          }
          return false;
        };
  }

  private static List<Place> places(List<TestReader> readers, Random random) {
    List<Place> places = new ArrayList<>();
    for (TestReader reader : readers) {
      for (int line = 0; line < reader.lines.size(); line++) {
        if (reader.lines.get(line) instanceof Seen.Event) {
          places.add(new Place(reader, line));
        }
      }
    }
    Collections.shuffle(places, random);
    return places;
  }
}
