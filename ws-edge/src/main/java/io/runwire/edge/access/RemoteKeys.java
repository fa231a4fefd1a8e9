package io.runwire.edge.access;

import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSetCacheRefreshEvaluator;
import com.nimbusds.jose.jwk.source.JWKSetSource;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.URLBasedJWKSetSource;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import io.runwire.edge.settings.TokenSettings.KeyServer;
import java.net.MalformedURLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The issuer's public keys, fetched ahead of need on a thread of their own. {@link #get} answers
 * from memory and never waits: it is called on Jetty's threads, under a socket's lock.
 *
 * <p>Keys that are known stay good for {@link KeyServer#outage} after the last successful fetch. A
 * key that is not known makes the next fetch come sooner, at most once in {@link #MIN_INTERVAL}.
 * Thread-safe. docs/decisions/0004 says why this is not Nimbus's own cache.
 */
public final class RemoteKeys implements JWKSource<SecurityContext> {
  private static final Logger log = LoggerFactory.getLogger(RemoteKeys.class);

  /** Between two fetches, whatever tokens say and however often a fetch fails. */
  static final Duration MIN_INTERVAL = Duration.ofSeconds(5);

  private static final int TIMEOUT_MS = 2_000; // to connect; for each read
  private static final int MAX_BYTES = 256 << 10;

  /** What was fetched, and when the fetch began; never null sets, never in the future. */
  private record Known(JWKSet keys, Instant at) {}

  private final JWKSetSource<SecurityContext> server;
  private final KeyServer settings;
  private final Clock clock;
  private final ScheduledExecutorService thread;
  private final AtomicLong failures = new AtomicLong();

  private volatile Known known = new Known(new JWKSet(), Instant.MIN);

  // The next fetch; guarded by this.
  private Instant due = Instant.MAX;
  private Instant begun = Instant.MIN;
  private @Nullable ScheduledFuture<?> next;

  /** Only the thread of fetches touches it. */
  private boolean away;

  /**
   * Fetches for the first time soon after.
   *
   * @param thread for fetches, which wait for the network; the caller ends it
   */
  public static RemoteKeys fetching(
      KeyServer settings, Clock clock, ScheduledExecutorService thread) {
    try {
      RemoteKeys keys =
          new RemoteKeys(
              new URLBasedJWKSetSource<>(
                  settings.url().toURL(),
                  new DefaultResourceRetriever(TIMEOUT_MS, TIMEOUT_MS, MAX_BYTES)),
              settings,
              clock,
              thread);
      keys.fetchIn(Duration.ZERO);
      return keys;
    } catch (MalformedURLException e) {
      throw new IllegalArgumentException("checked when it was configured", e);
    }
  }

  private RemoteKeys(
      JWKSetSource<SecurityContext> server,
      KeyServer settings,
      Clock clock,
      ScheduledExecutorService thread) {
    this.server = server;
    this.settings = settings;
    this.clock = clock;
    this.thread = thread;
  }

  /**
   * The keys that a token may have been signed with.
   *
   * @throws UndecidedException if the right one may be missing only because we have not looked
   */
  @Override
  public List<JWK> get(JWKSelector selector, @Nullable SecurityContext context)
      throws UndecidedException {
    Known now = known;
    if (!good(now)) {
      throw new UndecidedException("the issuer's keys are not here");
    }
    List<JWK> fitting = selector.select(now.keys);
    if (fitting.isEmpty() && now.at.plus(MIN_INTERVAL).isBefore(clock.instant())) {
      fetchIn(MIN_INTERVAL.minus(sinceBegun()));
      throw new UndecidedException("no such key, when we last looked");
    }
    return fitting;
  }

  /** Whether tokens can be judged: false before the first fetch, and in a long outage. */
  public boolean usable() {
    return good(known);
  }

  /** Since the keys were last fetched, in seconds; NaN before the first time. */
  public double ageSeconds() {
    Known now = known;
    return now.at.equals(Instant.MIN)
        ? Double.NaN
        : Duration.between(now.at, clock.instant()).toMillis() / 1e3;
  }

  /** Fetches that failed, so far. */
  public long failures() {
    return failures.get();
  }

  private boolean good(Known now) {
    return !now.at.equals(Instant.MIN) && now.at.plus(settings.outage()).isAfter(clock.instant());
  }

  private synchronized Duration sinceBegun() {
    return begun.equals(Instant.MIN) ? MIN_INTERVAL : Duration.between(begun, clock.instant());
  }

  /** Brings the next fetch forward; never puts it off. */
  private synchronized void fetchIn(Duration wait) {
    Duration delay = wait.isNegative() ? Duration.ZERO : wait;
    Instant at = clock.instant().plus(delay);
    if (at.isBefore(due)) {
      if (next != null) {
        next.cancel(false);
      }
      due = at;
      next = thread.schedule(this::fetch, delay.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private void fetch() {
    Instant at = clock.instant();
    synchronized (this) {
      begun = at;
    }
    Duration again = MIN_INTERVAL;
    try {
      JWKSet keys =
          server.getJWKSet(JWKSetCacheRefreshEvaluator.noRefresh(), at.toEpochMilli(), null);
      if (keys.isEmpty()) {
        throw new KeySourceException("no keys in the answer");
      }
      known = new Known(keys.toPublicJWKSet(), at);
      again = settings.refresh();
      fetched(keys.size());
    } catch (KeySourceException | RuntimeException e) {
      failed(e);
    } finally {
      synchronized (this) {
        due = Instant.MAX;
      }
      fetchIn(again);
    }
  }

  private void fetched(int count) {
    if (away) {
      log.info("{} answers again, with {} keys", settings.url(), count);
    }
    away = false;
  }

  private void failed(Exception e) {
    failures.incrementAndGet();
    if (!away) {
      log.warn(
          "no keys from {}; what is known stays good for {} since it was fetched: {}",
          settings.url(),
          settings.outage(),
          e.toString());
    }
    away = true;
  }

  /** The token can neither be accepted nor called bad. */
  static final class UndecidedException extends KeySourceException {
    private static final long serialVersionUID = 1;

    UndecidedException(String message) {
      super(message);
    }
  }
}
