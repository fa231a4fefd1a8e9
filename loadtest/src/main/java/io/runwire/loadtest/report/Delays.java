package io.runwire.loadtest.report;

import io.runwire.loadtest.journal.Journals;
import io.runwire.loadtest.journal.Seen;
import io.runwire.loadtest.journal.Sent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * How long events took from the agent's hand to a client's, all processes sharing one clock. An
 * event that is on its way when the next fault begins has waited for each of the two: a fault is
 * not charged with what the one after it held up.
 */
public final class Delays {
  private final List<Disturbance> disturbances;

  private final Map<Long, Long> sentMs = new HashMap<>();

  /** By phase, 0 before the first fault. */
  private final long[] longestMs;

  private long longestOfAllMs;

  private Delays(List<Disturbance> disturbances) {
    this.disturbances = List.copyOf(disturbances);
    this.longestMs = new long[disturbances.size() + 1];
  }

  /**
   * Reads the journals of a report directory.
   *
   * @param disturbances in the order in which they began
   */
  public static Delays read(Path directory, List<Disturbance> disturbances) {
    Delays delays = new Delays(disturbances);
    try (Stream<Sent> sent = Journals.sent(Journals.in(directory, "sent-*.tsv"))) {
      sent.forEach(delays::sent);
    }
    try (Stream<Seen> seen = Journals.seen(Journals.in(directory, "seen-*.tsv"))) {
      seen.forEach(delays::seen);
    }
    return delays;
  }

  /** The longest one of all, whatever it was held up by. */
  public long longestMs() {
    return longestOfAllMs;
  }

  /** For how long an event waited under a fault, or in the calm after it, at most. */
  public List<Long> longestMsByDisturbance() {
    List<Long> longest = new ArrayList<>();
    for (int i = 1; i < longestMs.length; i++) {
      longest.add(longestMs[i]);
    }
    return longest;
  }

  private void sent(Sent event) {
    // The first line of an event is the moment when it left the agent's hand.
    sentMs.merge(
        key(event.thread(), event.run(), event.attempt(), event.seq()), event.ms(), Math::min);
  }

  private void seen(Seen line) {
    if (line instanceof Seen.Event event) {
      Long sent = sentMs.get(key(event.thread(), event.run(), event.attempt(), event.seq()));
      if (sent != null) {
        longestOfAllMs = Math.max(longestOfAllMs, event.ms() - sent);
        for (int phase = phase(sent); phase <= phase(event.ms()); phase++) {
          long from = Math.max(sent, startMs(phase));
          long to = Math.min(event.ms(), startMs(phase + 1));
          longestMs[phase] = Math.max(longestMs[phase], to - from);
        }
      }
    }
  }

  /** 0 before the first fault. */
  private int phase(long ms) {
    int phase = 0;
    while (phase < disturbances.size() && disturbances.get(phase).startMs() <= ms) {
      phase++;
    }
    return phase;
  }

  private long startMs(int phase) {
    if (phase == 0) {
      return Long.MIN_VALUE;
    }
    return phase > disturbances.size() ? Long.MAX_VALUE : disturbances.get(phase - 1).startMs();
  }

  /** An event's name in 64 bits: a measurement may confuse two of a billion, a verdict may not. */
  private static long key(String thread, String run, int attempt, long seq) {
    long key = 1_125_899_906_842_597L;
    for (byte b : (thread + '\t' + run).getBytes(StandardCharsets.UTF_8)) {
      key = 31 * key + b;
    }
    key = (31 * key + attempt) * 0x9E3779B97F4A7C15L + seq;
    return (key ^ (key >>> 32)) * 0xBF58476D1CE4E5B9L;
  }
}
