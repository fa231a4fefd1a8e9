package io.runwire.loadtest.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.runwire.event.EventHeaders;
import io.runwire.event.Origin;
import io.runwire.fold.Verdict;
import io.runwire.loadtest.process.BrokerConfig;
import io.runwire.loadtest.process.EmbeddedKafka;
import io.runwire.topic.Topic;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogDumpIT {
  private static final String TOPIC_ID = "AAAAAAAAAAAAAAAAAAAAAg";

  @Test
  void dumpsTheLogAsTheFoldJudgesIt(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("logged.tsv");
    try (EmbeddedKafka kafka = EmbeddedKafka.start(BrokerConfig.temporary())) {
      Map<String, Object> settings = Map.of("bootstrap.servers", kafka.bootstrapServers());
      try (Admin admin = Admin.create(settings);
          KafkaProducer<byte[], byte[]> producer =
              new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
        admin.createTopics(List.of(Topic.THREAD_EVENTS.create(2, (short) 1))).all().get();
        producer.send(event(1, "RUN_STARTED", "agent"));
        producer.send(event(1, "RUN_STARTED", "agent"));
        producer.send(event(3, "CUSTOM", "agent"));
        producer.send(event(2, "RUN_ERROR", "watchdog")).get();
      }
      assertThat(LogDump.write(kafka.bootstrapServers(), file)).isEqualTo(4);
    }
    assertThat(Journals.logged(file))
        .containsExactly(
            logged(0, 1, "RUN_STARTED", Origin.AGENT, Verdict.PASS),
            logged(1, 1, "RUN_STARTED", Origin.AGENT, Verdict.REPEATED),
            logged(2, 3, "CUSTOM", Origin.AGENT, Verdict.HOLE),
            logged(3, 2, "RUN_ERROR", Origin.WATCHDOG, Verdict.PASS));
  }

  private static Logged logged(long offset, long seq, String type, Origin origin, Verdict verdict) {
    boolean ends = type.equals("RUN_ERROR");
    long hash = Hashes.of(value(type));
    return new Logged(seq, 1, offset, 40 + seq, "t", "r", 1, seq, ends, hash, origin, verdict);
  }

  private static ProducerRecord<byte[], byte[]> event(long seq, String type, String origin) {
    ProducerRecord<byte[], byte[]> event =
        new ProducerRecord<>(
            Topic.THREAD_EVENTS.topicName(), 1, seq, "t".getBytes(UTF_8), value(type));
    Map.of(
            EventHeaders.RUN,
            "r",
            EventHeaders.ATTEMPT,
            "1",
            EventHeaders.SEQ,
            Long.toString(seq),
            EventHeaders.TYPE,
            type,
            EventHeaders.ORIGIN,
            origin,
            EventHeaders.SRC,
            TOPIC_ID + ":1:" + (40 + seq))
        .forEach((name, text) -> event.headers().add(name, text.getBytes(UTF_8)));
    return event;
  }

  private static byte[] value(String type) {
    return ("{\"type\":\"" + type + "\"}").getBytes(UTF_8);
  }
}
