package io.runwire.deploy.system;

import com.fasterxml.jackson.databind.JsonNode;
import io.runwire.loadtest.drive.WireClient;
import io.runwire.loadtest.drive.WireFrame;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * Follows a run to its end, over as many connections as that takes, and keeps what it was handed.
 * It knows the wire contract and judges nothing. What it keeps is whole when {@link #call} has
 * returned.
 */
final class Follower implements Callable<Follower> {
  private static final Duration LOOK = Duration.ofMillis(100);

  private final URI edges;
  private final String token;
  private final String thread;
  private final String run;
  private final CountDownLatch live = new CountDownLatch(1);
  private final List<Long> seqs = new ArrayList<>();
  private final List<Integer> closes = new ArrayList<>();
  private int draining;
  private long bytes;
  private String position = "\"from\":\"earliest\"";
  private boolean ended;

  Follower(URI edges, String token, String thread, String run) {
    this.edges = edges;
    this.token = token;
    this.thread = thread;
    this.run = run;
  }

  @Override
  public Follower call() throws Exception {
    while (!ended) {
      try (WireClient client = WireClient.connect(edges, token)) {
        client.subscribe(1, thread, "\"run\":\"" + run + "\"," + position);
        read(client);
      } catch (ExecutionException notOpened) {
        TimeUnit.MILLISECONDS.sleep(LOOK.toMillis()); // as by the contract: back off, come again
      }
    }
    return this;
  }

  private void read(WireClient client) throws InterruptedException {
    while (!ended) {
      boolean over = client.closed().isDone(); // then all of its frames are here
      WireFrame frame = client.poll(LOOK);
      if (frame != null) {
        take(frame);
      } else if (over) {
        closes.add(client.closed().join().code());
        return;
      }
    }
  }

  private void take(WireFrame frame) {
    switch (frame.op()) {
      case "live" -> live.countDown();
      case "draining" -> draining++;
      case "event" -> {
        JsonNode event = frame.json();
        seqs.add(event.path("seq").asLong());
        bytes += thread.length() + frame.eventText().length();
        position =
            "\"after\":\"%s\",\"runs\":{\"%s\":[%d,%d]}"
                .formatted(
                    frame.field("cursor"),
                    run,
                    event.path("attempt").asInt(),
                    event.path("seq").asLong());
        ended = event.path("final").asBoolean();
      }
      default -> {}
    }
  }

  /** Whether it has come to read what is written now. */
  boolean isLive() {
    return live.getCount() == 0;
  }

  /** Of the events, in the order of their coming. */
  List<Long> seqs() {
    return seqs;
  }

  /** With what its connections ended. */
  List<Integer> closes() {
    return closes;
  }

  /** How often it was told to go. */
  int draining() {
    return draining;
  }

  /** Of keys and values, as long as they are ASCII. */
  long bytes() {
    return bytes;
  }
}
