package io.runwire.edge.evidence;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.runwire.cursor.LogIdentity;
import io.runwire.edge.hub.DeliveryEvidence.Delivered;
import io.runwire.edge.hub.DeliveryEvidence.Failure;
import io.runwire.edge.hub.DeliveryEvidence.Report;
import io.runwire.edge.hub.RetryCause;
import io.runwire.edge.settings.EvidenceSettings;
import io.runwire.edge.settings.EvidenceSettings.Level;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EvidenceWriterTest {
  private static final int QUEUE_BYTES = 2_000; // three reports

  private final MockProducer<byte[], byte[]> producer =
      new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer());
  private final Queue queue = new Queue();
  private final EvidenceWriter writer = writer(Level.ALL);

  @Test
  void writesAReportAsTheContractHasItUnderItsThread() {
    writer.accept(report("t", Optional.of(new Failure(RetryCause.WRITE, 3, 66))));
    queue.runAll();
    producer.completeNext();

    assertThat(producer.history()).hasSize(1);
    ProducerRecord<byte[], byte[]> record = producer.history().get(0);
    assertThat(record.topic()).isEqualTo("edge-deliveries");
    assertThat(record.key()).asString(UTF_8).isEqualTo("t");
    assertThat(record.value())
        .asString(UTF_8)
        .isEqualTo(
            "{\"connection\":\"c1\",\"subject\":\"ada\",\"thread\":\"t\","
                + "\"log\":\"AAAAAAAAAAEAAAAAAAAAAg\",\"partition\":3,\"at\":1000,\"ack\":true,"
                + "\"events\":[[64,900,38],[65,901]],\"writtenUpTo\":66,\"last\":true,"
                + "\"failure\":{\"cause\":\"WRITE\",\"retries\":3,\"code\":4008,\"from\":66}}");
    assertThat(
            SchemaRegistry.withDefaultDialect(
                    SpecificationVersion.DRAFT_2020_12,
                    registry ->
                        registry.schemaIdResolvers(
                            ids ->
                                ids.mapPrefix(
                                    "https://runwire.io/contract/",
                                    "classpath:io/runwire/contract/")))
                .getSchema(SchemaLocation.of("https://runwire.io/contract/deliveries.schema.json"))
                .validate(new String(record.value(), UTF_8), InputFormat.JSON))
        .isEmpty();
    assertThat(writer.written()).isEqualTo(1);
    assertThat(writer.dropped()).isZero();
  }

  @Test
  void dropsWhatDoesNotFitAndTakesMoreOnceThereIsRoom() {
    for (int i = 0; i < 10; i++) {
      writer.accept(report("t" + i, Optional.empty()));
    }
    assertThat(writer.dropped()).isEqualTo(7);
    queue.runAll();
    writer.accept(report("later", Optional.empty()));
    queue.runAll();

    assertThat(producer.history())
        .map(record -> new String(record.key(), UTF_8))
        .containsExactly("t0", "t1", "t2", "later");
    assertThat(writer.dropped()).isEqualTo(7);
  }

  @Test
  void countsWhatKafkaDoesNotTake() {
    producer.sendException = new TimeoutException("no metadata");
    writer.accept(report("a", Optional.empty()));
    queue.runAll();
    producer.sendException = null;
    writer.accept(report("b", Optional.empty()));
    queue.runAll();
    producer.errorNext(new TimeoutException("expired"));

    assertThat(writer.dropped()).isEqualTo(2);
    writer.accept(report("c", Optional.empty()));
    queue.runAll();
    producer.completeNext();
    assertThat(writer.written()).isEqualTo(1);
  }

  @Test
  void writesWhatWaitsWhenItIsClosedAndNothingAfterwards() {
    writer.accept(report("t", Optional.empty()));

    writer.close();
    writer.accept(report("late", Optional.empty()));

    assertThat(producer.history()).hasSize(1);
    assertThat(producer.closed()).isTrue();
    assertThat(writer.dropped()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "ALL, true, true",
    "ALL, false, true",
    "ACKNOWLEDGED, true, true",
    "ACKNOWLEDGED, false, false",
    "FAILURES, true, false",
    "FAILURES, false, false"
  })
  void wantsSuccessesAsItIsSet(Level level, boolean acknowledging, boolean wanted) {
    assertThat(writer(level).wanted(acknowledging)).isEqualTo(wanted);
  }

  private EvidenceWriter writer(Level level) {
    return new EvidenceWriter(producer, new EvidenceSettings(level, QUEUE_BYTES), queue);
  }

  private static Report report(String thread, Optional<Failure> failure) {
    return new Report(
        "c1",
        Optional.of("ada"),
        thread,
        new LogIdentity(new Uuid(1, 2), new Uuid(3, 4), 8),
        3,
        true,
        List.of(
            new Delivered(64, 900, OptionalLong.of(38)),
            new Delivered(65, 901, OptionalLong.empty())),
        OptionalLong.of(66),
        OptionalLong.empty(),
        1_000,
        true,
        failure);
  }

  /** The writer's thread, as far as a test lets it. */
  private static final class Queue extends AbstractExecutorService {
    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private boolean shutdown;

    void runAll() {
      for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
        task.run();
      }
    }

    @Override
    public void execute(Runnable task) {
      if (shutdown) {
        throw new RejectedExecutionException();
      }
      tasks.add(task);
    }

    @Override
    public void shutdown() {
      shutdown = true;
    }

    @Override
    public List<Runnable> shutdownNow() {
      return Collections.emptyList();
    }

    @Override
    public boolean isShutdown() {
      return shutdown;
    }

    @Override
    public boolean isTerminated() {
      return shutdown && tasks.isEmpty();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
      runAll();
      return true;
    }
  }
}
