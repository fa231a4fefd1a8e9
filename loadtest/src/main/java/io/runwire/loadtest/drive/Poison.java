package io.runwire.loadtest.drive;

import io.runwire.event.EventHeaders;
import io.runwire.event.EventValue;
import io.runwire.producer.log.AgentEvent;
import io.runwire.topic.ThreadPartitioner;
import io.runwire.topic.Topic;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * Records that the router must refuse. Each is made from a victim: an event that stands in the log.
 * Those that claim to be of the victim's run would change it if they got through; the others claim
 * a run of their own, which nobody has sent and nobody may see.
 *
 * <p>Left out: a hole in a run, a run on two threads and seq 1 of an unknown run. Nobody can tell
 * them from what an honest producer writes on a bad day, so they have no place among records of
 * which none may be seen.
 */
enum Poison {
  NULL_KEY(victim -> true, (draft, random) -> draft.key = null),
  KEY_THAT_IS_NO_TEXT(victim -> true, (draft, random) -> draft.key = noise(random)),
  NULL_VALUE(victim -> true, (draft, random) -> draft.ownRun(random).value = null),
  RANDOM_BYTES(victim -> true, (draft, random) -> draft.ownRun(random).value = noise(random)),
  TRUNCATED_JSON(
      victim -> true,
      (draft, random) -> {
        byte[] whole = draft.ownRun(random).victim.value();
        draft.value = Arrays.copyOf(whole, 1 + random.nextInt(whole.length - 1));
      }),
  TWO_LINES(victim -> true, (draft, random) -> draft.ownRun(random).value = text("{\n}")),
  TOO_LARGE(victim -> true, (draft, random) -> draft.ownRun(random).value = tooLarge(draft.victim)),
  UNKNOWN_TYPE(
      victim -> true,
      (draft, random) -> draft.ownRun(random).header(EventHeaders.TYPE, "THINKING")),
  OTHER_TYPE_THAN_ITS_VALUE(
      victim -> !victim.type().name().equals("RAW"),
      (draft, random) -> draft.ownRun(random).header(EventHeaders.TYPE, "RAW")),
  NO_RUN(victim -> true, (draft, random) -> draft.headers.remove(EventHeaders.RUN)),
  NO_SEQ(victim -> true, (draft, random) -> draft.ownRun(random).headers.remove(EventHeaders.SEQ)),
  SEQ_ZERO(victim -> true, (draft, random) -> draft.ownRun(random).header(EventHeaders.SEQ, "0")),
  SEQ_NEGATIVE(
      victim -> true, (draft, random) -> draft.ownRun(random).header(EventHeaders.SEQ, "-1")),
  SEQ_NO_NUMBER(
      victim -> true, (draft, random) -> draft.ownRun(random).header(EventHeaders.SEQ, "٣")),
  DOUBLE_HEADER(
      victim -> true, (draft, random) -> draft.headers.add(EventHeaders.RUN, text("another"))),
  OTHER_BYTES(victim -> true, (draft, random) -> draft.value = withAnotherField(draft.victim)),
  AFTER_TERMINAL(
      victim ->
          victim.type().terminal() && !"false".equals(victim.headers().get(EventHeaders.FINAL)),
      (draft, random) -> draft.header(EventHeaders.SEQ, Long.toString(draft.victim.seq() + 1))),
  OLD_ATTEMPT(
      victim -> victim.attempt().attempt() > 1,
      (draft, random) -> {
        draft.header(EventHeaders.ATTEMPT, Integer.toString(draft.victim.attempt().attempt() - 1));
        draft.header(EventHeaders.SEQ, "1000000");
      }),
  WRONG_PARTITION(victim -> true, (draft, random) -> draft.besideItsPartition = true),
  STAMPED_IN_1970(victim -> true, (draft, random) -> draft.stampMs = 0L),
  STAMPED_IN_3000(
      victim -> true,
      (draft, random) -> draft.stampMs = Instant.parse("3000-01-01T00:00:00Z").toEpochMilli());

  private static final List<Poison> ALL = List.of(values());

  private final Predicate<AgentEvent> fits;
  private final BiConsumer<Draft, Random> spoil;

  Poison(Predicate<AgentEvent> fits, BiConsumer<Draft, Random> spoil) {
    this.fits = fits;
    this.spoil = spoil;
  }

  /** One that can be made from this event. */
  static Poison pick(AgentEvent victim, Random random) {
    Poison picked;
    do {
      picked = ALL.get(random.nextInt(ALL.size()));
    } while (!picked.fits.test(victim));
    return picked;
  }

  /** Whether it can be made from this event. */
  boolean fits(AgentEvent victim) {
    return fits.test(victim);
  }

  /**
   * The record.
   *
   * @param partitions of agent-events
   */
  ProducerRecord<byte[], byte[]> record(AgentEvent victim, int partitions, Random random) {
    Draft draft = new Draft(victim);
    spoil.accept(draft, random);
    return draft.record(partitions);
  }

  /** The event once more, same bytes and headers. */
  static ProducerRecord<byte[], byte[]> repeat(AgentEvent event) {
    return new Draft(event).record(1);
  }

  private static byte[] noise(Random random) {
    byte[] noise = new byte[64];
    random.nextBytes(noise);
    noise[0] = (byte) 0xff; // in no UTF-8, lest it be a text by chance
    return noise;
  }

  private static byte[] tooLarge(AgentEvent victim) {
    byte[] value = Arrays.copyOf(victim.value(), EventValue.MAX_BYTES + 1);
    Arrays.fill(value, victim.value().length, value.length, (byte) ' ');
    return value;
  }

  private static byte[] withAnotherField(AgentEvent victim) {
    String json = victim.json();
    return text(json.substring(0, json.length() - 1) + ",\"poison\":true}");
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** A record in the making, at first the victim's repetition. */
  private static final class Draft {
    final AgentEvent victim;
    final Headers headers = new RecordHeaders();
    byte @Nullable [] key;
    byte @Nullable [] value;
    @Nullable Long stampMs;
    boolean besideItsPartition;

    Draft(AgentEvent victim) {
      this.victim = victim;
      this.key = text(victim.attempt().thread());
      this.value = victim.value();
      victim.headers().forEach((name, headerValue) -> headers.add(name, text(headerValue)));
    }

    /** Makes it the first event of a run that does not exist. */
    Draft ownRun(Random random) {
      header(EventHeaders.RUN, "poison-" + Long.toHexString(random.nextLong()));
      header(EventHeaders.ATTEMPT, "1");
      header(EventHeaders.SEQ, "1");
      return this;
    }

    void header(String name, String headerValue) {
      headers.remove(name).add(name, text(headerValue));
    }

    ProducerRecord<byte[], byte[]> record(int partitions) {
      Integer partition =
          besideItsPartition
              ? (ThreadPartitioner.partition(victim.attempt().thread(), partitions) + 1)
                  % partitions
              : null;
      return new ProducerRecord<>(
          Topic.AGENT_EVENTS.topicName(), partition, stampMs, key, value, headers);
    }
  }
}
