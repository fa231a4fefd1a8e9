package io.runwire.processor.topology;

import io.runwire.event.EventHeaders;
import io.runwire.event.Origin;
import io.runwire.event.SourcePosition;
import io.runwire.processor.topology.Decision.Rejected;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/** The headers that a record leaves with: those it came with, less what only the router may say. */
final class RoutedHeaders {
  /** On rejected-events: the reason at length. */
  static final String DETAIL = "detail";

  private static final int MAX_DETAIL = 300;

  private RoutedHeaders() {}

  /**
   * @param sealed what says how the value is encrypted
   */
  static Headers accepted(Headers came, SourcePosition src, List<Header> sealed) {
    Headers headers =
        without(came, EventHeaders.SRC, EventHeaders.SEALED, EventHeaders.ERROR_CODE)
            .add(EventHeaders.SRC, utf8(src.toString()));
    sealed.forEach(headers::add);
    return headers;
  }

  static Headers reentered(Headers came) {
    return without(came, EventHeaders.SRC, EventHeaders.ORIGIN)
        .add(EventHeaders.ORIGIN, utf8(Origin.REKEY.header()));
  }

  static Headers rejected(Headers came, SourcePosition src, Rejected rejected) {
    String detail = rejected.detail();
    return without(came, EventHeaders.SRC, EventHeaders.REASON, DETAIL)
        .add(EventHeaders.REASON, utf8(rejected.reason().name()))
        .add(DETAIL, utf8(detail.substring(0, Math.min(detail.length(), MAX_DETAIL))))
        .add(EventHeaders.SRC, utf8(src.toString()));
  }

  private static Headers without(Headers came, String... names) {
    Headers headers = new RecordHeaders(came);
    for (String name : names) {
      headers.remove(name);
    }
    return headers;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
