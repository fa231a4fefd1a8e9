package io.runwire.event;

import io.runwire.event.Envelope.Read;
import io.runwire.event.Envelope.Reading;
import io.runwire.event.Envelope.Refused;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Reads the {@link Envelope} of a record from its key and headers.
 *
 * <p>CloudEvents binary-mode headers stand in where ours are absent. Never throws on bad input.
 */
public final class EnvelopeReader {
  /** Longest silence that a producer may ask the watchdog to bear. */
  public static final Duration MAX_TIMEOUT = Duration.ofHours(24);

  /** Highest seq: the last integer that is exact in a browser, 2^53 − 1. */
  public static final long MAX_SEQ = (1L << 53) - 1;

  /** Highest attempt. */
  public static final int MAX_ATTEMPT = 1_000_000;

  // Digits only: Long.parseLong would accept a sign and other scripts' digits.
  private static final Pattern DIGITS = Pattern.compile("[0-9]{1,18}");

  private EnvelopeReader() {}

  /** Reads the key and the headers of a record of agent-events or thread-events. */
  public static Reading read(byte @Nullable [] key, Headers headers) {
    try {
      return new Read(parse(key, headers));
    } catch (Refusal refusal) {
      return new Refused(refusal.reason, refusal.detail);
    }
  }

  private static Envelope parse(byte @Nullable [] key, Headers headers) throws Refusal {
    Map<String, String> values = unique(headers);
    EventType type = type(require(values, EventHeaders.TYPE, EventHeaders.CE_TYPE));
    return new Envelope(
        thread(key, values),
        id(EventHeaders.RUN, require(values, EventHeaders.RUN, EventHeaders.CE_SUBJECT)),
        (int)
            number(
                values.getOrDefault(EventHeaders.ATTEMPT, "1"), EventHeaders.ATTEMPT, MAX_ATTEMPT),
        number(
            require(values, EventHeaders.SEQ, EventHeaders.CE_SEQUENCE), EventHeaders.SEQ, MAX_SEQ),
        type,
        ends(type, values.get(EventHeaders.FINAL)),
        timeout(values.get(EventHeaders.TIMEOUT_MS)),
        origin(values.get(EventHeaders.ORIGIN)),
        src(values.get(EventHeaders.SRC)));
  }

  private static Map<String, String> unique(Headers headers) throws Refusal {
    Map<String, String> values = new HashMap<>();
    for (Header header : headers) {
      if (values.put(header.key(), utf8(header.key(), header.value())) != null) {
        throw new Refusal(
            RejectReason.MALFORMED_HEADER, Ids.printable(header.key()) + ": stands twice");
      }
    }
    return values;
  }

  private static String thread(byte @Nullable [] key, Map<String, String> values) throws Refusal {
    String named =
        values.getOrDefault(EventHeaders.THREAD, values.get(EventHeaders.CE_PARTITION_KEY));
    if (named != null) {
      return id(EventHeaders.THREAD, named);
    }
    if (key == null) {
      throw new Refusal(RejectReason.MISSING_HEADER, "no key and no header thread");
    }
    return id("key", utf8("key", key));
  }

  private static String require(Map<String, String> values, String name, String cloudEventsName)
      throws Refusal {
    String value = values.getOrDefault(name, values.get(cloudEventsName));
    if (value == null) {
      throw new Refusal(RejectReason.MISSING_HEADER, name + ": absent");
    }
    return value;
  }

  private static EventType type(String name) throws Refusal {
    return EventType.named(name)
        .orElseThrow(
            () -> new Refusal(RejectReason.UNKNOWN_TYPE, "type: '" + Ids.printable(name) + "'"));
  }

  private static boolean ends(EventType type, @Nullable String value) throws Refusal {
    if (value != null && !value.equals("true") && !value.equals("false")) {
      throw malformed(EventHeaders.FINAL, value, "true or false");
    }
    return type.terminal() && !"false".equals(value);
  }

  private static Optional<Duration> timeout(@Nullable String value) throws Refusal {
    return value == null
        ? Optional.empty()
        : Optional.of(
            Duration.ofMillis(number(value, EventHeaders.TIMEOUT_MS, MAX_TIMEOUT.toMillis())));
  }

  private static Origin origin(@Nullable String value) throws Refusal {
    return value == null
        ? Origin.AGENT
        : Origin.of(value)
            .orElseThrow(() -> malformed(EventHeaders.ORIGIN, value, "agent, watchdog or rekey"));
  }

  private static Optional<SourcePosition> src(@Nullable String value) throws Refusal {
    if (value == null) {
      return Optional.empty();
    }
    Optional<SourcePosition> src = SourcePosition.parse(value);
    if (src.isEmpty()) {
      throw malformed(EventHeaders.SRC, value, "<topic id>:<partition>:<offset>");
    }
    return src;
  }

  private static String id(String name, String value) throws Refusal {
    if (!Ids.valid(value)) {
      throw malformed(name, value, "1-200 chars of [A-Za-z0-9._~:-]");
    }
    return value;
  }

  private static long number(String value, String name, long max) throws Refusal {
    if (DIGITS.matcher(value).matches()) {
      long number = Long.parseLong(value);
      if (number >= 1 && number <= max) {
        return number;
      }
    }
    throw malformed(name, value, "1.." + max);
  }

  private static String utf8(String name, byte @Nullable [] bytes) throws Refusal {
    if (bytes == null) {
      throw malformed(name, "null", "UTF-8");
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new Refusal(RejectReason.MALFORMED_HEADER, Ids.printable(name) + ": not UTF-8");
    }
  }

  private static Refusal malformed(String name, String value, String expected) {
    return new Refusal(
        RejectReason.MALFORMED_HEADER,
        Ids.printable(name) + ": '" + Ids.printable(value) + "' (expected: " + expected + ")");
  }

  /** Carries a refusal out of the nested reads; never leaves this class. */
  private static final class Refusal extends Exception {
    final RejectReason reason;
    final String detail;

    Refusal(RejectReason reason, String detail) {
      super(detail, null, false, false);
      this.reason = reason;
      this.detail = detail;
    }
  }
}
