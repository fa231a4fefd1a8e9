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
 * event belongs to the last fault that began before it was sent.
 */
public final class Delays {
  private final List<Disturbance> disturbances;

  private final Map<Long, Long> sentMs = new HashMap<>();
  private final long[] longestMs;

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

  /** The longest one of all. */
  public long longestMs() {
    long longest = 0;
    for (long one : longestMs) {
      longest = Math.max(longest, one);
    }
    return longest;
  }

  /** The longest one of events that were sent under a fault or in the calm after it. */
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
        int phase = phase(sent);
        longestMs[phase] = Math.max(longestMs[phase], event.ms() - sent);
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
