package io.runwire.topic;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ThreadPartitionerTest {
  /** What the default partitioner of kafkajs 2.2.4 answers for 1, 8, 64 and 100 partitions. */
  @ParameterizedTest
  @CsvSource({
    "t, 0, 1, 49, 49",
    "0, 0, 4, 4, 96",
    "abc, 0, 3, 27, 7",
    "abcd, 0, 4, 52, 0",
    "abcde, 0, 5, 29, 41",
    "thread-1, 0, 6, 62, 42",
    "u42.chat, 0, 6, 46, 30",
    "u42:chat~7, 0, 7, 39, 79",
    "Zz09._~:-, 0, 6, 22, 86",
    "run.of-three, 0, 0, 48, 48",
    "thread-000000000000, 0, 1, 25, 65",
    "01hf7yat00000000000000000, 0, 4, 52, 84"
  })
  void placesAThreadWhereKafkajsDoes(String thread, int of1, int of8, int of64, int of100) {
    assertThat(ThreadPartitioner.partition(thread, 1)).isEqualTo(of1);
    assertThat(ThreadPartitioner.partition(thread, 8)).isEqualTo(of8);
    assertThat(ThreadPartitioner.partition(thread, 64)).isEqualTo(of64);
    assertThat(ThreadPartitioner.partition(thread, 100)).isEqualTo(of100);
  }

  @Property
  void placesAThreadWhereKafkasOwnProducerDoes(
      @ForAll String thread, @ForAll @IntRange(min = 1, max = 10_000) int partitions) {
    assertThat(ThreadPartitioner.partition(thread, partitions))
        .isEqualTo(BuiltInPartitioner.partitionForKey(thread.getBytes(UTF_8), partitions))
        .isBetween(0, partitions - 1);
  }
}
