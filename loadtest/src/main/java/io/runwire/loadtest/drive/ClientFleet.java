package io.runwire.loadtest.drive;

import io.runwire.loadtest.drive.LightClient.Access;
import io.runwire.loadtest.journal.JournalWriter;
import io.runwire.loadtest.journal.Seen;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Light clients on a few loops, one socket and one thread each: client <i>i</i> follows thread
 * <i>i</i> modulo the number of threads. Safe from any thread.
 *
 * <p>Commands: {@code stall [n]} makes the first n clients (all, if not said) stop reading, {@code
 * read} makes all read again, {@code drop [n]} loses their connections.
 */
final class ClientFleet implements Fleet {
  private static final long GOODBYES_S = 5;

  private final List<LineLoop> loops = new ArrayList<>();

  /** Clients by loop; each list is its loop's. */
  private final List<List<LightClient>> clients = new ArrayList<>();

  private final ClientCounters counters;
  private final Rate rate = new Rate(Clocks.SYSTEM.monotonicMs());
  private final JournalWriter<Seen> journal;
  private final Optional<DelayLog> delays;
  private volatile boolean closed;

  /**
   * What a fleet is to be.
   *
   * @param name the beginning of its clients' names in the journal
   * @param run the run filter, if any
   * @param spread whether they begin at one edge after the other, or all at the first
   * @param readsEvents how many events each reads before it stops reading; 0: all there are
   * @param loops threads
   */
  record Plan(
      String name,
      List<URI> edges,
      boolean spread,
      Tokens tokens,
      List<String> threads,
      Optional<String> run,
      String from,
      boolean ack,
      long readsEvents,
      int clients,
      int loops,
      LineOptions lines,
      long seed) {}

  /**
   * @param journal closed with the fleet, as the log of delays is
   */
  ClientFleet(Plan plan, JournalWriter<Seen> journal, Optional<DelayLog> delays) {
    this.journal = journal;
    this.delays = delays;
    this.counters = new ClientCounters(delays);
    for (int i = 0; i < plan.loops(); i++) {
      loops.add(new LineLoop(plan.name() + "-loop-" + i, plan.lines(), Clocks.SYSTEM));
      clients.add(new ArrayList<>());
    }
    SplittableRandom seeds = new SplittableRandom(plan.seed());
    for (int loop = 0; loop < plan.loops(); loop++) {
      List<LightClient> mine = clients.get(loop);
      for (int i = loop; i < plan.clients(); i += plan.loops()) {
        mine.add(client(plan, i, loops.get(loop), seeds.split()));
      }
      LineLoop home = loops.get(loop);
      on(loop, () -> mine.forEach(home::add));
    }
  }

  /** As they stand now; see {@link ClientCounters.Status}. */
  record Status(
      long connected,
      long events,
      long eventsPerSecond,
      long gaps,
      long reconnects,
      long lost,
      long longestSilenceMs) {}

  @Override
  public Status status() {
    loops.forEach(LineLoop::check); // a fleet with a dead part must not look idle
    ClientCounters.Status now = counters.status();
    return new Status(
        now.connected(),
        now.events(),
        rate.look(now.events()),
        now.gaps(),
        now.reconnects(),
        now.lost(),
        now.longestSilenceMs());
  }

  @Override
  public void command(String line) {
    String[] words = line.split(" ");
    int first = words.length > 1 ? Integer.parseInt(words[1]) : Integer.MAX_VALUE;
    switch (words[0]) {
      case "stall" -> forFirst(first, client -> client.read(false));
      case "read" -> forFirst(first, client -> client.read(true));
      case "drop" -> forFirst(first, LightClient::drop);
      default ->
          throw new IllegalArgumentException(
              "command: " + line + " (expected: stall [n], read [n] or drop [n])");
    }
  }

  /** All clients say goodbye and are given 5 s for it. */
  @Override
  public void close() throws InterruptedException {
    if (closed) {
      return;
    }
    closed = true;
    long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(GOODBYES_S);
    forFirst(Integer.MAX_VALUE, LightClient::close);
    for (int loop = 0; loop < loops.size(); loop++) {
      awaitGoodbyes(loop, deadlineNs);
      loops.get(loop).close();
    }
    journal.close();
    if (delays.isPresent()) {
      delays.get().close();
    }
  }

  private LightClient client(Plan plan, int i, LineLoop home, SplittableRandom random) {
    String thread = plan.threads().get(i % plan.threads().size());
    return new LightClient(
        plan.name() + "-" + i,
        new Wish(thread, plan.run(), plan.from(), plan.ack(), plan.readsEvents()),
        new Access(plan.edges(), () -> plan.tokens().of(i), home),
        plan.spread() ? i : 0,
        Clocks.SYSTEM,
        random::nextDouble,
        journal::write,
        counters);
  }

  private void forFirst(int n, Consumer<LightClient> action) {
    for (int loop = 0; loop < loops.size(); loop++) {
      List<LightClient> mine = clients.get(loop);
      // Client i lives on loop i modulo their number.
      long share = ((long) n - loop + loops.size() - 1) / loops.size();
      on(loop, () -> mine.stream().limit(Math.max(0, share)).forEach(action));
    }
  }

  private void on(int loop, Runnable command) {
    try {
      loops.get(loop).execute(command);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void awaitGoodbyes(int loop, long deadlineNs) throws InterruptedException {
    CompletableFuture<Void> all = new CompletableFuture<>();
    List<LightClient> mine = clients.get(loop);
    LineLoop home = loops.get(loop);
    home.execute(
        () ->
            home.add(
                nowMs -> {
                  if (mine.stream().allMatch(LightClient::isOver)) {
                    all.complete(null);
                  }
                }));
    try {
      all.get(deadlineNs - System.nanoTime(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException | TimeoutException e) {
      // What has not said goodbye by now is dropped with its loop.
    }
  }
}
