package io.runwire.loadtest.guarantee;

import io.runwire.fold.Fold;
import io.runwire.fold.Verdict;
import io.runwire.loadtest.guarantee.TestLog.Stored;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Routes a partition, rejects what it may, repeats what it must. */
final class TestRouter {
  private TestRouter() {}

  static TestLog route(List<Source> agentEvents, int partition, Random random) {
    TestLog log = new TestLog(partition);
    Map<String, Fold> folds = new HashMap<>();
    List<Stored> accepted = new ArrayList<>();
    boolean repeats = false;
    for (int offset = 0; offset < agentEvents.size(); offset++) {
      Source event = agentEvents.get(offset);
      Fold fold =
          folds.computeIfAbsent(
              event.thread(), t -> new Fold(Fold.DEFAULT_CAPACITY, Fold.NO_FLOOR));
      Verdict verdict = fold.apply(event.envelope(partition, offset));
      if (verdict != Verdict.REPEATED) {
        repeats = random.nextInt(3) == 0; // a store that a zombie turned back lets them through
      }
      boolean emitted =
          switch (verdict) {
            case PASS, HOLE -> true;
            case REPEATED -> repeats;
            case OLD_ATTEMPT, ENDED, BELOW_FLOOR -> false;
          };
      if (emitted) {
        accepted.add(new Stored(event, offset));
        log.records.add(new Stored(event, offset));
      }
      if (random.nextInt(30) == 0) { // a crash; its successor begins at the last commit
        log.records.addAll(
            accepted.subList(Math.max(0, accepted.size() - random.nextInt(9)), accepted.size()));
      }
    }
    return log;
  }
}
