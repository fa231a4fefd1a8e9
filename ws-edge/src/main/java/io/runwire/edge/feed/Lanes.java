package io.runwire.edge.feed;

import java.util.HashMap;
import java.util.Map;

/**
 * What goes on in which partition, and whether one more reader may be risked there. One partition
 * cannot take all readers, if there are more than two; and those that failed when they were last
 * read take half of them at most, one each. So where brokers are away, what the others lead is
 * read. Guarded by the pool.
 */
final class Lanes {
  private static final class Lane {
    int questions;
    boolean scanned;

    /** Whether what was tried last failed. */
    boolean failing;

    int busy() {
      return questions + (scanned ? 1 : 0);
    }
  }

  private final int readers;
  private final Map<Integer, Lane> lanes = new HashMap<>();

  Lanes(int readers) {
    this.readers = readers;
  }

  boolean mayAsk(int partition) {
    Lane lane = lane(partition);
    return lane.questions < Math.max(1, readers - 2) && mayGo(lane);
  }

  boolean mayScan(int partition) {
    Lane lane = lane(partition);
    return !lane.scanned && mayGo(lane);
  }

  void asking(int partition) {
    lane(partition).questions++;
  }

  void asked(int partition) {
    lane(partition).questions--;
  }

  void scanning(int partition) {
    lane(partition).scanned = true;
  }

  void scanned(int partition) {
    lane(partition).scanned = false;
  }

  /** What was tried there has failed, or has not. */
  void failing(int partition, boolean isFailing) {
    lane(partition).failing = isFailing;
  }

  private boolean mayGo(Lane lane) {
    return !lane.failing || (lane.busy() == 0 && inTrouble() < Math.max(1, readers / 2));
  }

  /** Readers in partitions that failed. */
  private int inTrouble() {
    return lanes.values().stream().filter(lane -> lane.failing).mapToInt(Lane::busy).sum();
  }

  private Lane lane(int partition) {
    return lanes.computeIfAbsent(partition, p -> new Lane());
  }
}
