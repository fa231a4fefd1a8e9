package io.runwire.loadtest.guarantee;

/**
 * No client is handed an event twice, however often it reconnected, however often producers and
 * routers repeated themselves. A client that asks for a thread anew begins anew.
 *
 * <pre>
 * valid:    1 2 3 4.
 * invalid:  1 2 2 3 4.     also where the second one comes later: 1 2 3 4. 4.
 * </pre>
 */
final class NothingDoubled implements Guarantee {
  @Override
  public void check(History history, Findings findings) {
    Sightings.each(
        history,
        findings,
        (following, line, sighting) ->
            sighting == Sighting.REPEATED ? "handed on again" : Sightings.FINE);
  }
}
