package io.runwire.loadtest.guarantee;

/** Goes through every event that clients were handed. */
final class Sightings {
  /** What a {@link Rule} says of an event that it has nothing against. */
  static final String FINE = "";

  /** What is wrong with an event, in words, or {@link #FINE}. */
  interface Rule {
    String wrong(Following following, int line, Sighting sighting);
  }

  private Sightings() {}

  static void each(History history, Findings findings, Rule rule) {
    for (Following following : history.followings) {
      for (int line = 0; line < following.lines(); line++) {
        if (following.isEvent(line)) {
          findings.checked();
          int row = following.row(line);
          String wrong = rule.wrong(following, line, following.sighting(line));
          if (!wrong.equals(FINE)) {
            findings.broken(() -> history.describe(following, row) + ": " + wrong);
          }
        }
      }
    }
  }
}
