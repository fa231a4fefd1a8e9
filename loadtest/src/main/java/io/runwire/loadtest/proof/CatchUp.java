package io.runwire.loadtest.proof;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.runwire.loadtest.process.RunwireSystem;
import io.runwire.topic.Topic;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Waits until everything that agents wrote is routed, every run has ended, and no client has
 * received an event for a while. Belongs to one thread.
 */
public final class CatchUp {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  /** Longer than a client waits between attempts to connect. */
  private static final Duration QUIET = Duration.ofSeconds(8);

  private static final Duration LOOK_AGAIN = Duration.ofMillis(500);
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(5);
  private static final int HTTP_OK = 200;
  private static final String ROUTERS = "runwire-processor";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http = HttpClient.newHttpClient();
  private final RunwireSystem system;
  private final SeenLines events;

  public CatchUp(RunwireSystem system, SeenLines events) {
    this.system = system;
    this.events = events;
  }

  /** Whether it came to rest in time. */
  public boolean await() throws InterruptedException, IOException {
    long giveUpNs = System.nanoTime() + PATIENCE.toNanos();
    long quietSinceNs = System.nanoTime();
    long before = 0;
    while (System.nanoTime() < giveUpNs) {
      long now = events.count();
      if (now != before || !routed() || !ended()) {
        before = now;
        quietSinceNs = System.nanoTime();
      } else if (System.nanoTime() - quietSinceNs >= QUIET.toNanos()) {
        return true;
      }
      TimeUnit.NANOSECONDS.sleep(LOOK_AGAIN.toNanos());
    }
    return false;
  }

  /** Whether no run is going: the watchdog has ended those whose agents were killed. */
  private boolean ended() throws InterruptedException {
    for (String status : List.of("RUNNING", "RETRYING")) {
      URI open = system.ledger().resolve("/v1/runs?limit=1&status=" + status);
      HttpRequest request = HttpRequest.newBuilder(open).timeout(ANSWER_WITHIN).build();
      try {
        HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
        if (answer.statusCode() != HTTP_OK
            || !JSON.readTree(answer.body()).at("/runs/0").isMissingNode()) {
          return false;
        }
      } catch (IOException routersAreBusy) {
        return false;
      }
    }
    return true;
  }

  /** Whether the routers have read agent-events to its end. */
  private boolean routed() throws InterruptedException {
    Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
    IntStream.range(0, system.layout().partitions())
        .mapToObj(p -> new TopicPartition(Topic.AGENT_EVENTS.topicName(), p))
        .forEach(partition -> ends.put(partition, OffsetSpec.latest()));
    Admin admin = system.kafka().admin();
    try {
      Map<TopicPartition, OffsetAndMetadata> committed =
          admin.listConsumerGroupOffsets(ROUTERS).partitionsToOffsetAndMetadata().get();
      Map<TopicPartition, ListOffsetsResultInfo> end = admin.listOffsets(ends).all().get();
      return end.entrySet().stream()
          .allMatch(
              partition -> {
                OffsetAndMetadata position = committed.get(partition.getKey());
                return position != null && position.offset() >= partition.getValue().offset();
              });
    } catch (ExecutionException brokersAreBusy) {
      return false;
    }
  }
}
