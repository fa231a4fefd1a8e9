package io.runwire.loadtest.guarantee;

/**
 * An event is the same wherever it is met: from producer over log to clients it keeps its bytes and
 * its end mark, a cursor stands for one event, and nothing is met that nobody sent. What the
 * watchdog wrote counts as sent: the log tells.
 *
 * <pre>
 * valid:    sent 1:a 2:b 3:c.   logged 1:a 2:b 3:c.   seen 1:a 2:b 3:c.
 * invalid:  sent 1:a 2:b 3:c.   logged 1:a 2:b 3:c.   seen 1:a 2:B 3:c.   a flipped bit
 * invalid:  sent 1:a 2:b 3:c.   logged 1:a 2:b 3:c.   seen 1:a 2:b 7:x 3:c.   a phantom
 * </pre>
 */
final class SamePositionSameBytes implements Guarantee {
  @Override
  public void check(History history, Findings findings) {
    Events events = history.events;
    for (int row = 0; row < events.size(); row++) {
      if (events.sent(row)) {
        int event = row;
        findings.checked();
        if (events.twoValues(row)) {
          findings.broken(() -> events.describe(event) + ": sent with two values");
        }
      }
    }
    checkLog(history, findings);
    Sightings.each(
        history,
        findings,
        (following, line, sighting) ->
            switch (sighting) {
              case PHANTOM -> "neither sent nor logged";
              case ALTERED -> "not what the log has under its position";
              default -> Sightings.FINE;
            });
  }

  private static void checkLog(History history, Findings findings) {
    Events events = history.events;
    LogRecords records = history.records;
    for (int record = 0; record < records.size(); record++) {
      if (!records.byWatchdog(record)) {
        int at = record;
        int row = records.event(record);
        findings.checked();
        if (!events.sent(row)) {
          findings.broken(
              () -> events.describe(row) + ": nobody sent what is " + records.describe(at));
        } else if (records.hash(record) != events.hash(row)
            || records.ends(record) != events.ends(row)) {
          findings.broken(
              () -> events.describe(row) + ": not what was sent is " + records.describe(at));
        }
      }
    }
  }
}
