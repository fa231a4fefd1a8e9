package io.runwire.processor.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.runwire.audit.AuditRecord;
import io.runwire.audit.Checkpoint;
import io.runwire.audit.CheckpointRecord;
import io.runwire.audit.Frontier;
import io.runwire.audit.Hash;
import io.runwire.audit.NotaryKey;
import io.runwire.audit.Origin;
import io.runwire.audit.PartitionTree;
import io.runwire.audit.Resumption;
import io.runwire.audit.StoredRecord;
import io.runwire.config.SecretFile;
import io.runwire.event.EventHeaders;
import io.runwire.loadtest.process.BrokerConfig;
import io.runwire.loadtest.process.EmbeddedKafka;
import io.runwire.processor.topics.TopicSetup;
import io.runwire.processor.topics.TopicsDoNotFitException;
import io.runwire.topic.Topic;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A notary over a real broker: what it signs is what lies there, whatever happens to it. */
class NotaryIT {
  private static final int PARTITIONS = 2;
  private static final String GROUP = "runwire-notary";
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final NotaryKey KEY = NotaryKey.generate("example.org/test");

  @TempDir Path folder;
  private final EmbeddedKafka kafka = EmbeddedKafka.start(BrokerConfig.temporary());
  private final Admin admin = Admin.create(clients());
  private final KafkaProducer<byte[], byte[]> producer =
      new KafkaProducer<>(clients(), new ByteArraySerializer(), new ByteArraySerializer());
  private long seq;

  @BeforeEach
  void topics() {
    TopicSetup.ensure(admin, PARTITIONS, (short) 1);
  }

  @AfterEach
  void close() {
    producer.close();
    admin.close();
    kafka.close();
  }

  @Test
  void signsAllThatLiesInTheLogAndGoesOnAfterARestart() throws Exception {
    write(0, 250);
    write(1, 30);
    try (Notary notary = Notary.start(config("a"))) {
      awaitSigned(0, 250);
      awaitSigned(1, 30);
      assertThat(scrape(notary))
          .contains("runwire_notary_records_signed_total 280.0")
          .contains("runwire_notary_lag_records 0.0");
    }
    write(0, 170);
    try (Notary notary = Notary.start(config("a"))) {
      awaitSigned(0, 420);
    }
    assertThat(signed(0).root()).isEqualTo(rootOfTheLog(0));
    assertThat(signed(1).root()).isEqualTo(rootOfTheLog(1));
    assertThat(checkpoints(0)).allSatisfy(c -> assertThat(c.leaves().size()).isBetween(1, 40));
  }

  @Test
  void ofTwoNotariesOneTakesOverWhereTheOtherStopped() throws Exception {
    write(0, 100);
    write(1, 100);
    try (Notary first = Notary.start(config("a"))) {
      awaitSigned(0, 100);
      awaitSigned(1, 100);
      try (Notary second = Notary.start(config("b"))) {
        for (int round = 1; round <= 5; round++) {
          write(0, 50);
          write(1, 50);
          awaitSigned(0, 100 + 50L * round);
          awaitSigned(1, 100 + 50L * round);
        }
        first.close();
        write(0, 50);
        write(1, 50);
        awaitSigned(0, 400);
        awaitSigned(1, 400);
      }
    }
    assertThat(signed(0).root()).isEqualTo(rootOfTheLog(0));
    assertThat(signed(1).root()).isEqualTo(rootOfTheLog(1));
  }

  @Test
  void saysWhatWasGoneBeforeItCouldBeSigned() throws Exception {
    write(0, 60);
    try (Notary notary = Notary.start(config("a"))) {
      awaitSigned(0, 60);
    }
    write(0, 40);
    admin.deleteRecords(Map.of(source(0), RecordsToDelete.beforeOffset(80))).all().get();
    try (Notary notary = Notary.start(config("a"))) {
      awaitSigned(0, 80);
    }
    Checkpoint last = signed(0);
    assertThat(last.nextOffset()).isEqualTo(100);
    assertThat(checkpoints(0).stream().flatMap(c -> c.checkpoint().skipped().stream()))
        .containsExactly(new Checkpoint.Skipped(60, 80));
  }

  @Test
  void stopsSigningAPartitionThatEndsBeforeWhatWasSigned() throws Exception {
    write(0, 10);
    write(1, 10);
    PartitionTree longer = new PartitionTree(origin(0), 0);
    for (int offset = 0; offset < 20; offset++) {
      longer.add(invented(offset));
    }
    send(longer.sign(KEY, Instant.now()));
    try (Notary notary = Notary.start(config("a"))) {
      awaitSigned(1, 10);
      await()
          .atMost(SOON)
          .untilAsserted(
              () ->
                  assertThat(scrape(notary))
                      .contains("partitions_stopped{reason=\"LOG_SHORTER\"} 1.0"));
    }
    assertThat(checkpoints(0)).hasSize(1);
  }

  @Test
  void stopsSigningAPartitionThatHasGrownAgainAfterWhatWasSignedWasCutOff() throws Exception {
    write(0, 30);
    write(1, 10);
    PartitionTree before = new PartitionTree(origin(0), 0);
    log(0).subList(0, 15).forEach(before::add);
    for (int offset = 15; offset < 20; offset++) {
      before.add(invented(offset));
    }
    send(before.sign(KEY, Instant.now()));
    try (Notary notary = Notary.start(config("a"))) {
      awaitSigned(1, 10);
      awaitScrape(notary, "partitions_stopped{reason=\"CONTRADICTION\"} 1.0");
    }
    assertThat(checkpoints(0)).hasSize(1);
  }

  @Test
  void signsNothingThatContradictsTheArchive() throws Exception {
    write(0, 30);
    write(1, 10);
    PartitionTree other = new PartitionTree(origin(0), 0);
    for (int offset = 0; offset < 20; offset++) {
      other.add(invented(offset));
    }
    NotaryConfig config = config("a");
    new CheckpointArchive(config.archive())
        .append(origin(0), List.of(other.sign(KEY, Instant.now()).signed()));
    try (Notary notary = Notary.start(config)) {
      awaitSigned(1, 10);
      await()
          .atMost(SOON)
          .untilAsserted(
              () ->
                  assertThat(scrape(notary))
                      .contains("partitions_stopped{reason=\"CONTRADICTION\"} 1.0"));
    }
    assertThat(checkpoints(0)).isEmpty();
  }

  @Test
  void goesOnWhenTheArchiveIsAheadOfCheckpointsThatKafkaLost() throws Exception {
    write(0, 30);
    NotaryConfig config = config("a");
    PartitionTree same = new PartitionTree(origin(0), 0);
    log(0).forEach(same::add);
    new CheckpointArchive(config.archive())
        .append(origin(0), List.of(same.sign(KEY, Instant.now()).signed()));
    try (Notary notary = Notary.start(config)) {
      awaitSigned(0, 30);
    }
    assertThat(signed(0).root()).isEqualTo(rootOfTheLog(0));
  }

  @Test
  void goesOnWhereNothingStandsBehindTheMemory() throws Exception {
    write(0, 90);
    try (Notary notary = Notary.start(config("a"))) {
      awaitSigned(0, 90);
    }
    TopicPartition checkpoints = new TopicPartition(Topic.AUDIT_CHECKPOINTS.topicName(), 0);
    long behindThem =
        admin
            .listOffsets(Map.of(checkpoints, OffsetSpec.latest()))
            .partitionResult(checkpoints)
            .get()
            .offset();
    PartitionTree tree = new PartitionTree(origin(0), 0);
    log(0).forEach(tree::add);
    tree.sign(KEY, Instant.now());
    for (AuditRecord part : tree.memory(KEY, 100)) {
      send(part);
    }
    OffsetAndMetadata there = new OffsetAndMetadata(90, Long.toString(behindThem));
    admin.alterConsumerGroupOffsets(GROUP, Map.of(source(0), there)).all().get();
    write(0, 30);
    try (Notary notary = Notary.start(config("a"))) {
      awaitSigned(0, 120);
    }
    assertThat(signed(0).root()).isEqualTo(rootOfTheLog(0));
  }

  @Test
  void signsNothingAgainWhoseCheckpointIsCommittedLater() throws Exception {
    write(0, 50);
    PartitionTree tree = new PartitionTree(origin(0), 0);
    log(0).forEach(tree::add);
    CheckpointRecord checkpoint = tree.sign(KEY, Instant.now());
    write(0, 30);
    Map<String, Object> settings = new HashMap<>(clients());
    settings.put("transactional.id", "predecessor");
    try (KafkaProducer<byte[], byte[]> predecessor =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      predecessor.initTransactions();
      predecessor.beginTransaction();
      predecessor.send(record(checkpoint)).get();
      OffsetAndMetadata there = new OffsetAndMetadata(50, "0");
      admin.alterConsumerGroupOffsets(GROUP, Map.of(source(0), there)).all().get();
      try (Notary notary = Notary.start(config("a"))) {
        await().atMost(SOON).until(() -> groupState() == GroupState.STABLE);
        predecessor.commitTransaction();
        awaitSigned(0, 80);
      }
    }
    assertThat(signed(0).root()).isEqualTo(rootOfTheLog(0));
  }

  private GroupState groupState() throws Exception {
    return admin
        .describeConsumerGroups(List.of(GROUP))
        .all()
        .get()
        .values()
        .iterator()
        .next()
        .groupState();
  }

  @Test
  void beginsNoOtherTreeWhereTheCheckpointsOfTheArchiveAreGone() throws Exception {
    write(0, 30);
    write(1, 10);
    NotaryConfig config = config("a");
    PartitionTree lost = new PartitionTree(origin(0), 0);
    log(0).forEach(lost::add);
    new CheckpointArchive(config.archive())
        .append(origin(0), List.of(lost.sign(KEY, Instant.now()).signed()));
    admin.deleteRecords(Map.of(source(0), RecordsToDelete.beforeOffset(20))).all().get();
    try (Notary notary = Notary.start(config)) {
      awaitSigned(1, 10);
      awaitScrape(notary, "partitions_stopped{reason=\"BROKEN_CHECKPOINTS\"} 1.0");
    }
    assertThat(checkpoints(0)).isEmpty();
  }

  @Test
  void goesOnFromItsLastCheckpointWhenKafkaWasAway() throws Exception {
    Path data = folder.resolve("broker");
    BrokerConfig where = BrokerConfig.temporary().withFolder(data);
    String address;
    Notary notary;
    try (EmbeddedKafka before = EmbeddedKafka.start(where);
        Admin there = Admin.create(Map.of("bootstrap.servers", before.bootstrapServers()))) {
      address = before.bootstrapServers();
      TopicSetup.ensure(there, PARTITIONS, (short) 1);
      notary = Notary.start(config("a", address));
      writeTo(address, 50);
      awaitScrape(notary, "runwire_notary_records_signed_total 50.0");
    }
    int port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    try (EmbeddedKafka again = EmbeddedKafka.start(where.withPort(port));
        notary) {
      assertThat(again.bootstrapServers()).isEqualTo(address);
      writeTo(address, 30);
      awaitScrape(notary, "runwire_notary_records_signed_total 80.0");
      awaitScrape(notary, "runwire_notary_lag_records 0.0");
    }
  }

  private void writeTo(String address, int records) throws Exception {
    try (KafkaProducer<byte[], byte[]> other =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", address),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (int i = 0; i < records; i++) {
        other
            .send(
                new ProducerRecord<>(
                    Topic.THREAD_EVENTS.topicName(), 0, utf8("t"), utf8("record " + i)))
            .get();
      }
    }
  }

  private static void awaitScrape(Notary notary, String line) {
    await().atMost(SOON).untilAsserted(() -> assertThat(scrape(notary)).contains(line));
  }

  @Test
  void archivesEveryCheckpointAsItStandsInKafka() throws Exception {
    write(0, 90);
    NotaryConfig config = config("a");
    try (Notary notary = Notary.start(config)) {
      awaitSigned(0, 90);
    }
    String archived =
        Files.readString(config.archive().resolve(origin(0).topicId() + "-0.checkpoints"));
    for (CheckpointRecord record : checkpoints(0)) {
      assertThat(archived).contains(record.signed().note());
    }
    assertThat(new CheckpointArchive(config.archive()).last(origin(0))).contains(signed(0));
  }

  @Test
  void refusesALogThatIsKeptForLessThanTheAuditPeriod() throws Exception {
    ConfigResource log =
        new ConfigResource(ConfigResource.Type.TOPIC, Topic.THREAD_EVENTS.topicName());
    AlterConfigOp bounded =
        new AlterConfigOp(new ConfigEntry("retention.bytes", "1000000"), OpType.SET);
    admin.incrementalAlterConfigs(Map.of(log, List.of(bounded))).all().get();

    assertThatThrownBy(() -> Notary.start(config("a")))
        .isInstanceOf(TopicsDoNotFitException.class)
        .hasMessageEndingWith("thread-events: retention.bytes: 1000000 (expected: -1)");
  }

  private NotaryConfig config(String name) throws IOException {
    return config(name, kafka.bootstrapServers());
  }

  private NotaryConfig config(String name, String bootstrapServers) throws IOException {
    Path keyFile = folder.resolve("key");
    if (!Files.exists(keyFile)) {
      SecretFile.create(keyFile, List.of(KEY.secret()));
    }
    return NotaryConfig.of(
        Map.of(
            "bootstrap.servers",
            bootstrapServers,
            "partitions",
            Integer.toString(PARTITIONS),
            "key.file",
            keyFile.toString(),
            "archive.dir",
            folder.resolve("archive-" + name).toString(),
            "checkpoint.records",
            "40",
            "checkpoint.ms",
            "200",
            "management.port",
            "0"));
  }

  private void write(int partition, int records) throws Exception {
    for (int i = 0; i < records; i++) {
      seq++;
      ProducerRecord<byte[], byte[]> record =
          new ProducerRecord<>(
              Topic.THREAD_EVENTS.topicName(),
              partition,
              utf8("t" + seq % 7),
              utf8("{\"type\":\"CUSTOM\",\"n\":" + seq + "}"));
      record
          .headers()
          .add(EventHeaders.RUN, utf8("r"))
          .add(EventHeaders.SEQ, utf8("" + seq))
          .add(EventHeaders.TYPE, utf8("CUSTOM"));
      producer.send(record);
    }
    producer.flush();
  }

  private static StoredRecord invented(long offset) {
    return new StoredRecord(
        0,
        offset,
        offset,
        null,
        utf8("never written " + offset),
        new org.apache.kafka.common.header.internals.RecordHeaders());
  }

  private void send(AuditRecord record) throws Exception {
    producer.send(record(record)).get();
  }

  private static ProducerRecord<byte[], byte[]> record(AuditRecord record) {
    return new ProducerRecord<>(
        Topic.AUDIT_CHECKPOINTS.topicName(), 0, utf8("0"), utf8(record.toJson()));
  }

  private void awaitSigned(int partition, long size) {
    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(checkpoints(partition).stream().mapToLong(c -> c.checkpoint().size()))
                    .contains(size));
  }

  /** The last checkpoint, all of them having followed one another. */
  private Checkpoint signed(int partition) throws Exception {
    Resumption resumption = new Resumption(origin(partition), List.of(KEY.publicKey()));
    for (CheckpointRecord record : checkpoints(partition)) {
      resumption.accept(record);
    }
    return resumption.last().orElseThrow().checkpoint();
  }

  private Hash rootOfTheLog(int partition) throws Exception {
    Frontier tree = new Frontier();
    Uuid topicId = origin(partition).topicId();
    log(partition).forEach(record -> tree.append(record.leaf(topicId)));
    return tree.root();
  }

  private List<StoredRecord> log(int partition) {
    return read(source(partition)).stream().map(StoredRecord::of).toList();
  }

  private List<CheckpointRecord> checkpoints(int partition) {
    TopicPartition tp = new TopicPartition(Topic.AUDIT_CHECKPOINTS.topicName(), partition);
    return read(tp).stream()
        .map(r -> AuditRecord.parse(new String(r.value(), StandardCharsets.UTF_8)).orElseThrow())
        .filter(CheckpointRecord.class::isInstance)
        .map(CheckpointRecord.class::cast)
        .toList();
  }

  private List<ConsumerRecord<byte[], byte[]>> read(TopicPartition tp) {
    Map<String, Object> settings = new HashMap<>(clients());
    settings.put("auto.offset.reset", "none");
    settings.put("isolation.level", "read_committed");
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.assign(List.of(tp));
      consumer.seekToBeginning(List.of(tp));
      long end = consumer.endOffsets(List.of(tp)).getOrDefault(tp, 0L);
      while (consumer.position(tp) < end) {
        consumer.poll(Duration.ofMillis(100)).forEach(records::add);
      }
    }
    return records;
  }

  private Origin origin(int partition) throws Exception {
    Uuid topicId =
        admin
            .describeTopics(List.of(Topic.THREAD_EVENTS.topicName()))
            .allTopicNames()
            .get()
            .values()
            .iterator()
            .next()
            .topicId();
    return new Origin(KEY.publicKey().name(), topicId, partition);
  }

  private static String scrape(Notary notary) throws Exception {
    URI metrics = URI.create("http://127.0.0.1:" + notary.managementPort() + "/metrics");
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(metrics).build(), BodyHandlers.ofString())
        .body();
  }

  private static TopicPartition source(int partition) {
    return new TopicPartition(Topic.THREAD_EVENTS.topicName(), partition);
  }

  private Map<String, Object> clients() {
    return Map.of("bootstrap.servers", kafka.bootstrapServers());
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
