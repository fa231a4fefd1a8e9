package io.runwire.loadtest.guarantee;

/**
 * A client is handed nothing but the events of the threads, and within them of the runs, that it
 * asked for; and the log has a run's events under its producer's thread alone.
 *
 * <pre>
 * valid:    asked for thread a, whose run is r:   r1 r2 r3.
 * invalid:  asked for thread a:                   r1 q7 r2 r3.    where run q is thread b's
 * </pre>
 */
final class NoLeak implements Guarantee {
  @Override
  public void check(History history, Findings findings) {
    LogRecords records = history.records;
    for (int record = 0; record < records.size(); record++) {
      int at = record;
      findings.checked();
      if (records.misplaced(record)) {
        findings.broken(
            () ->
                records.describe(at)
                    + " under another thread's key: "
                    + history.events.describe(records.event(at)));
      }
    }
    Sightings.each(
        history,
        findings,
        (following, line, sighting) ->
            sighting == Sighting.FOREIGN
                ? "shown in thread " + following.thread + ", where it was not asked for"
                : Sightings.FINE);
  }
}
