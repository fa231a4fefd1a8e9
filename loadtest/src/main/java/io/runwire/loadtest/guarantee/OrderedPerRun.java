package io.runwire.loadtest.guarantee;

/**
 * A client is handed a run's events in their order: by attempt, then by seq.
 *
 * <pre>
 * valid:    1 2 3 4.
 * invalid:  1 3 2 4.       the late 2 is what breaks it; that 3 jumped ahead is no gap
 * invalid:  1 2 1' 3 2'.   where 1' begins attempt two: nothing of attempt one may follow
 * </pre>
 */
final class OrderedPerRun implements Guarantee {
  @Override
  public void check(History history, Findings findings) {
    Sightings.each(
        history,
        findings,
        (following, line, sighting) ->
            sighting == Sighting.LATE ? "after a later one of its run" : Sightings.FINE);
  }
}
