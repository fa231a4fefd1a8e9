package io.runwire.edge.feed;

import io.runwire.edge.hub.LogUnavailableException;
import io.runwire.seal.KeysUnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;

/**
 * One pass over a partition for all who catch up there, like a lift that only goes up: it begins at
 * the hindmost, takes on whoever waits at or ahead of it, and lets off whoever has got to where it
 * wanted or has a full chunk. So a thousand readers who come back to a partition cost one read of
 * it. Belongs to the thread that runs it.
 */
final class Scan {
  /** Who waits at the floors; any thread. */
  interface Boarding {
    /** Takes all who wait for a partition at or ahead of an offset. */
    List<CatchUp> board(int partition, long from);

    /** Takes back one whom the scan did not get to. */
    void putBack(CatchUp catchUp);

    /** Whether others wait for a consumer. */
    boolean othersWait();
  }

  /** How long a scan may go on while others wait. */
  private static final Duration TURN = Duration.ofSeconds(1);

  private final CatchUp leader;
  private final List<CatchUp> aboard = new ArrayList<>();
  private final Boarding boarding;
  private final Stretches stretches;
  private final Duration deadline;
  private final LongSupplier nanoTime;

  /**
   * @param leader whose turn it is
   * @param companions who got aboard with it
   * @param deadline for the pass
   */
  Scan(
      CatchUp leader,
      List<CatchUp> companions,
      Boarding boarding,
      Stretches stretches,
      Duration deadline,
      LongSupplier nanoTime) {
    this.leader = leader;
    this.boarding = boarding;
    this.stretches = stretches;
    this.deadline = deadline;
    this.nanoTime = nanoTime;
    aboard.add(leader);
    aboard.addAll(companions);
  }

  CatchUp leader() {
    return leader;
  }

  /**
   * Runs until all are served, the deadline is over, or others have waited for a turn's length.
   *
   * @throws KafkaException if nothing could be read; {@link #fail} is to be called then
   */
  void run(LogConsumer consumer) {
    long beganNs = nanoTime.getAsLong();
    boolean read = false;
    while (!aboard.isEmpty()) {
      long position = hindmost();
      Optional<Stretch> stretch = at(consumer, position);
      if (stretch.isPresent()) {
        read = true;
        aboard.addAll(boarding.board(leader.partition(), position));
        serve(stretch.get());
      }
      long tookNs = nanoTime.getAsLong() - beganNs;
      if (tookNs >= deadline.toNanos()) {
        if (!read) {
          throw new KafkaException("nothing could be read within " + deadline);
        }
        break;
      }
      if (tookNs >= TURN.toNanos() && read && boarding.othersWait()) {
        break;
      }
    }
    List.copyOf(aboard).forEach(this::letOff);
    aboard.clear();
  }

  /** Lets all off who are aboard, with nothing. */
  void fail(Throwable why) {
    aboard.forEach(catchUp -> catchUp.fail(why));
    aboard.clear();
  }

  private Optional<Stretch> at(LogConsumer consumer, long position) {
    try {
      return stretches.at(consumer, leader.partition(), position);
    } catch (OffsetOutOfRangeException e) {
      // Concerns those who stand there alone: they locate themselves anew.
      LogUnavailableException why = new LogUnavailableException("position " + position, e);
      aboard.removeIf(
          catchUp -> {
            boolean there = catchUp.position() == position;
            if (there) {
              catchUp.fail(why);
            }
            return there;
          });
      return Optional.empty();
    }
  }

  private void serve(Stretch stretch) {
    aboard.removeIf(catchUp -> catchUp.answer().isCancelled() || isServed(catchUp, stretch));
  }

  private static boolean isServed(CatchUp catchUp, Stretch stretch) {
    try {
      boolean served = catchUp.take(stretch);
      if (served) {
        catchUp.complete();
      }
      return served;
    } catch (KeysUnavailableException e) {
      // Concerns this thread alone.
      catchUp.completeOrFail(new LogUnavailableException(String.valueOf(e.getMessage()), e));
      return true;
    }
  }

  /** Who has time left waits on, with what it has: so those who read together stay together. */
  private void letOff(CatchUp catchUp) {
    if (catchUp.moved() && nanoTime.getAsLong() - catchUp.askedNs() >= deadline.toNanos()) {
      catchUp.complete();
    } else {
      if (!catchUp.moved()) {
        catchUp.overtake();
      }
      boarding.putBack(catchUp);
    }
  }

  private long hindmost() {
    return aboard.stream().mapToLong(CatchUp::position).min().orElseThrow();
  }
}
