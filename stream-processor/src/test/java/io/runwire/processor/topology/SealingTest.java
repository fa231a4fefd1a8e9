package io.runwire.processor.topology;

import static io.runwire.processor.AgentEvent.content;
import static io.runwire.processor.AgentEvent.started;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.runwire.event.EventHeaders;
import io.runwire.processor.AgentEvent;
import io.runwire.processor.topology.PayloadSeal.Sealed;
import io.runwire.seal.KeysUnavailableException;
import io.runwire.topic.Topic;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;

/** What the router does with what seals its values. */
class SealingTest {
  private static final Header SAYS_HOW = new RecordHeader("sealed", "by-a-test".getBytes(UTF_8));

  private final List<String> asked = new ArrayList<>();
  private final PayloadSeal seal =
      (envelope, src, timestampMs, value) -> {
        asked.add(envelope.run() + " " + src.offset() + " " + timestampMs + " " + value.length);
        return new Sealed("sealed".getBytes(UTF_8), List.of(SAYS_HOW));
      };

  @Test
  void whatGoesToTheLogIsSealedAndWhatIsRejectedStaysAsItCame() {
    try (TestRouter router = new TestRouter(1, seal)) {
      AgentEvent first = started("t", "r", 1);
      router.send(first, first);

      TestRecord<byte[], byte[]> routed = router.read(Topic.THREAD_EVENTS).get(0);
      assertThat(routed.value()).isEqualTo("sealed".getBytes(UTF_8));
      assertThat(header(routed, EventHeaders.SEALED)).isEqualTo("by-a-test");
      TestRecord<byte[], byte[]> rejected = router.read(Topic.REJECTED_EVENTS).get(0);
      assertThat(rejected.value()).isEqualTo(first.value());
      assertThat(rejected.headers().lastHeader(EventHeaders.SEALED)).isNull();
      assertThat(asked).containsExactly("r 0 " + TestRouter.STAMP + " " + first.value().length);
    }
  }

  @Test
  void anAgentCannotSayThatItsValueIsSealed() {
    try (TestRouter router = new TestRouter(1)) {
      AgentEvent event = started("t", "r", 1);
      Headers headers = event.headers();
      headers.add(EventHeaders.SEALED, "A256GCM 655-aaaaaaaaaaaaaaaaaaaa".getBytes(UTF_8));
      headers.add(EventHeaders.ERROR_CODE, "\"".getBytes(UTF_8));
      router.send(event.key(), headers, event.value(), TestRouter.STAMP);

      TestRecord<byte[], byte[]> routed = router.read(Topic.THREAD_EVENTS).get(0);
      assertThat(routed.value()).isEqualTo(event.value());
      assertThat(routed.headers().lastHeader(EventHeaders.SEALED)).isNull();
      assertThat(routed.headers().lastHeader(EventHeaders.ERROR_CODE)).isNull();
    }
  }

  @Test
  void withoutAKeyNothingGoesToTheLogAndNothingIsRemembered() {
    PayloadSeal none =
        (envelope, src, timestampMs, value) -> {
          throw new KeysUnavailableException("thread-keys is away");
        };
    try (TestRouter router = new TestRouter(1, none)) {
      assertThatThrownBy(() -> router.send(started("t", "r", 1)))
          .hasRootCauseInstanceOf(KeysUnavailableException.class);

      assertThat(router.read(Topic.THREAD_EVENTS)).isEmpty();
      assertThat(router.read(Topic.REJECTED_EVENTS)).isEmpty();
      assertThat(router.store().get("r")).isNull();
    }
  }

  @Test
  void aHoleIsSealedToo() {
    try (TestRouter router = new TestRouter(1, seal)) {
      router.send(started("t", "r", 1), content("t", "r", 1, 5));

      assertThat(router.read(Topic.THREAD_EVENTS))
          .hasSize(2)
          .allSatisfy(
              record -> assertThat(header(record, EventHeaders.SEALED)).isEqualTo("by-a-test"));
    }
  }

  private static String header(TestRecord<byte[], byte[]> record, String name) {
    return new String(requireNonNull(record.headers().lastHeader(name)).value(), UTF_8);
  }
}
