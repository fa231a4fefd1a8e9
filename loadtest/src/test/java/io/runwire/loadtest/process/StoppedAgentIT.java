package io.runwire.loadtest.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.runwire.event.EventHeaders;
import io.runwire.topic.Topic;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SIGTERM to an agent process: its runs end, and say why. */
class StoppedAgentIT {
  private static final Duration UP_WITHIN = Duration.ofSeconds(60);
  private static final Duration STOPPED_WITHIN = Duration.ofSeconds(40); // close bound 20 s, twice

  @Test
  void everyRunOfAStoppedProcessEndsAndSaysSo(@TempDir Path directory) throws Exception {
    Path output = directory.resolve("agent.log");
    List<ConsumerRecord<String, String>> records;
    try (EmbeddedKafka kafka = EmbeddedKafka.start(BrokerConfig.temporary());
        ProcessGroup group = new ProcessGroup(child -> {}, () -> {})) {
      try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
        admin.createTopics(List.of(Topic.AGENT_EVENTS.create(1, (short) 1))).all().get();
      }
      List<String> command =
          Program.java("64m", StoppedAgentMain.class.getName(), List.of(kafka.bootstrapServers()));
      ChildProcess agent = group.add(new Program("agent", command, output));
      agent.start();
      Await.until("up", UP_WITHIN, () -> Files.readString(output).contains("up\n"));

      long startNs = System.nanoTime();
      assertThat(agent.stop(STOPPED_WITHIN)).as(Files.readString(output)).isTrue();
      System.out.printf(
          "a stopped agent process has settled its runs and ended after %d ms%n",
          Duration.ofNanos(System.nanoTime() - startNs).toMillis());
      records = all(kafka.bootstrapServers());
    }

    assertThat(ends(records, "own")).containsExactly("1 AGENT_STOPPED");
    assertThat(ends(records, "calling")).containsExactly("1 AGENT_STOPPED");
    assertThat(ends(records, "stubborn")).containsExactly("1 AGENT_STOPPED");
    assertThat(ends(records, "waiting")).containsExactly("1 UPSTREAM, goes on", "2 AGENT_STOPPED");
    assertThat(records)
        .filteredOn(record -> header(record, EventHeaders.RUN).equals("own"))
        .extracting(record -> header(record, EventHeaders.TYPE))
        .endsWith("TEXT_MESSAGE_CONTENT", "TEXT_MESSAGE_END", "RUN_ERROR");
  }

  private static List<String> ends(List<ConsumerRecord<String, String>> records, String run) {
    return records.stream()
        .filter(record -> header(record, EventHeaders.RUN).equals(run))
        .filter(record -> header(record, EventHeaders.TYPE).equals("RUN_ERROR"))
        .map(
            record ->
                header(record, EventHeaders.ATTEMPT)
                    + " "
                    + record.value().replaceAll(".*\"code\":\"([A-Z_]+)\".*", "$1")
                    + (header(record, EventHeaders.FINAL).equals("false") ? ", goes on" : ""))
        .toList();
  }

  private static List<ConsumerRecord<String, String>> all(String bootstrap) {
    TopicPartition partition = new TopicPartition(Topic.AGENT_EVENTS.topicName(), 0);
    List<ConsumerRecord<String, String>> records = new ArrayList<>();
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", bootstrap),
            new StringDeserializer(),
            new StringDeserializer())) {
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
      while (consumer.position(partition) < end) {
        consumer.poll(Duration.ofMillis(200)).forEach(records::add);
      }
    }
    return records;
  }

  private static String header(ConsumerRecord<String, String> record, String name) {
    Header header = record.headers().lastHeader(name);
    return header == null ? "" : new String(header.value(), UTF_8);
  }
}
