package io.runwire.edge.ops;

import io.runwire.edge.bounds.Place;
import io.runwire.edge.bounds.Places;
import io.runwire.edge.settings.DrainSettings;
import io.runwire.frame.CloseCode;
import io.runwire.frame.ServerFrame;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How an edge goes away without anybody noticing more than a reconnection.
 *
 * <pre>
 *   SERVING ──begin──▶ UNREADY ──wait──▶ LEAVING ──nobody left, or the grace is over──▶ DRAINED
 * </pre>
 *
 * <p>While it is unready it serves on, so that balancers notice before clients do. Then the port
 * closes, and clients leave in waves, a second apart: each is told {@code draining} with a time of
 * its own, and closed with 1012 a wave later. Who comes back elsewhere is thus spread over the
 * waves, and within each. Thread-safe.
 */
public final class Drain {
  private static final Logger log = LoggerFactory.getLogger(Drain.class);

  private static final Duration WAVE = Duration.ofSeconds(1);
  private static final Duration LOOK = Duration.ofMillis(100);

  /** Where it stands. */
  public enum State {
    SERVING,
    UNREADY,
    LEAVING,
    DRAINED
  }

  private final DrainSettings settings;
  private final Places places;
  private final Runnable stopAccepting;
  private final ScheduledExecutorService timer;
  private final Random random;
  private final CompletableFuture<Void> drained = new CompletableFuture<>();
  private State state = State.SERVING;

  /** In the order of their leaving; those before {@code told} know, before {@code closed} went. */
  private List<Place> leaving = List.of();

  private int told;
  private int closed;
  private int wave;

  /**
   * @param stopAccepting closes the public port
   * @param random spreads the clients
   */
  public Drain(
      DrainSettings settings,
      Places places,
      Runnable stopAccepting,
      ScheduledExecutorService timer,
      Random random) {
    this.settings = settings;
    this.places = places;
    this.stopAccepting = stopAccepting;
    this.timer = timer;
    this.random = random;
  }

  /** Begins, unless it has begun. */
  public synchronized void begin() {
    if (state != State.SERVING) {
      return;
    }
    state = State.UNREADY;
    log.info(
        "draining: unready, {} connected; clients leave in {} s",
        places.all().size(),
        settings.unreadyWait().toSeconds());
    after(settings.unreadyWait(), this::leave);
    after(settings.grace(), this::graceIsOver);
  }

  public synchronized State state() {
    return state;
  }

  /** Whether newcomers are welcome. */
  public boolean ready() {
    return state() == State.SERVING;
  }

  /** Completes when nobody is left, or the grace is over. */
  public CompletableFuture<Void> drained() {
    return drained.copy();
  }

  private synchronized void leave() {
    state = State.LEAVING;
    stopAccepting.run();
    leaving = places.closeDoors();
    Collections.shuffle(leaving, random);
    log.info(
        "draining: closed the port; {} leave over {} s",
        leaving.size(),
        settings.over().toSeconds());
    nextWave();
  }

  /** Closes those of the last wave, and tells those of the next. */
  private synchronized void nextWave() {
    for (Place place : leaving.subList(closed, told)) {
      place.close(CloseCode.DRAINED);
    }
    closed = told;
    if (closed == leaving.size()) {
      leaving = List.of();
      closed = 0;
      told = 0;
      lookWhetherAllHaveGone();
      return;
    }
    wave++;
    long waves = Math.max(1, settings.over().dividedBy(WAVE) - 1); // the last only closes
    told = (int) Math.min(leaving.size(), (leaving.size() * (long) wave + waves - 1) / waves);
    for (Place place : leaving.subList(closed, told)) {
      place.tell(new ServerFrame.Draining(1 + random.nextInt((int) WAVE.toMillis())));
    }
    after(WAVE, this::nextWave);
  }

  /** Who does not answer the close is cut off by his socket; that is waited for. */
  private synchronized void lookWhetherAllHaveGone() {
    if (state == State.DRAINED) {
      return;
    }
    if (places.all().isEmpty()) {
      log.info("drained: nobody is left");
      end();
    } else {
      after(LOOK, this::lookWhetherAllHaveGone);
    }
  }

  private synchronized void graceIsOver() {
    if (state != State.DRAINED) {
      List<Place> left = places.closeDoors();
      log.warn("drained: the grace is over, {} are cut off", left.size());
      left.forEach(place -> place.close(CloseCode.DRAINED));
      end();
    }
  }

  private void end() {
    state = State.DRAINED;
    drained.complete(null);
  }

  private void after(Duration wait, Runnable then) {
    var unused = timer.schedule(then, wait.toMillis(), TimeUnit.MILLISECONDS);
  }
}
