package io.runwire.deploy.replay;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What became of the events of one item of a transcript, by connection: when its first and its last
 * event were written, and how long acknowledgements took.
 */
final class Shown {
  private static final String TIME = "HH:mm:ss.SSS";

  /** Of one connection. */
  private static final class Reader {
    final String name;
    long events;
    long acknowledged;
    long firstMs = Long.MAX_VALUE;
    long lastMs = Long.MIN_VALUE;
    long soonestMs = Long.MAX_VALUE;
    long latestMs = Long.MIN_VALUE;

    Reader(String name) {
      this.name = name;
    }

    void add(Delivery delivery) {
      events++;
      firstMs = Math.min(firstMs, delivery.writtenAtMs());
      lastMs = Math.max(lastMs, delivery.writtenAtMs());
      delivery
          .acknowledgedAfterMs()
          .ifPresent(
              after -> {
                acknowledged++;
                soonestMs = Math.min(soonestMs, after);
                latestMs = Math.max(latestMs, after);
              });
    }
  }

  private final Map<String, Reader> readers = new LinkedHashMap<>();
  private long events;
  private boolean asked;

  void add(ReplayRecord record) {
    events++;
    record.evidence().ifPresent(this::add);
  }

  private void add(Evidence evidence) {
    asked = true;
    evidence
        .deliveries()
        .forEach(
            each ->
                readers
                    .computeIfAbsent(
                        each.connection(),
                        first -> new Reader(name(each.subject(), each.connection())))
                    .add(each));
  }

  /**
   * Tells it, a line a connection; nothing where nobody asked.
   *
   * @param dayMs on which day the item was written; other days are named
   */
  void tell(ZoneId zone, long dayMs, Consumer<String> line) {
    if (asked && readers.isEmpty()) {
      line.accept("no delivery reported");
    }
    readers.values().forEach(each -> line.accept(told(each, zone, dayMs)));
  }

  private String told(Reader reader, ZoneId zone, long dayMs) {
    StringBuilder text = new StringBuilder(reader.acknowledged > 0 ? "shown " : "written ");
    text.append(time(reader.firstMs, zone, dayMs));
    if (reader.lastMs > reader.firstMs) {
      text.append(" to ").append(time(reader.lastMs, zone, dayMs));
    }
    if (reader.acknowledged == 0) {
      text.append(", not acknowledged");
    } else {
      text.append(", acknowledged +").append(reader.soonestMs);
      if (reader.latestMs > reader.soonestMs) {
        text.append(" to +").append(reader.latestMs);
      }
      text.append(" ms");
      if (reader.acknowledged < reader.events) {
        text.append(" (").append(reader.events - reader.acknowledged).append(" not)");
      }
    }
    if (reader.events < events) {
      text.append(", ").append(reader.events).append(" of ").append(events).append(" events");
    }
    return text + ": " + reader.name;
  }

  static String told(GivenUp failure, ZoneId zone, long dayMs) {
    return String.format(
        "given up %s after %d %s, %s: %s",
        time(failure.atMs(), zone, dayMs),
        failure.retries(),
        failure.retries() == 1 ? "retry" : "retries",
        failure.cause().equals("ACK") ? "nothing acknowledged" : "the socket did not drain",
        name(failure.subject(), failure.connection()));
  }

  private static String name(Optional<String> subject, String connection) {
    return subject.map(user -> user + ", ").orElse("") + "connection " + connection;
  }

  private static String time(long atMs, ZoneId zone, long dayMs) {
    LocalDate day = LocalDate.ofInstant(Instant.ofEpochMilli(atMs), zone);
    boolean same = day.equals(LocalDate.ofInstant(Instant.ofEpochMilli(dayMs), zone));
    return DateTimeFormatter.ofPattern(same ? TIME : "yyyy-MM-dd " + TIME, Locale.ROOT)
        .withZone(zone)
        .format(Instant.ofEpochMilli(atMs));
  }
}
