package io.runwire.edge.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * The log while somebody misbehaves: nothing worth an operator's attention, nothing that a peer
 * could have written into it, and no thread that died. Ours is judged with its debug lines.
 */
final class QuietLog implements AutoCloseable {
  /** Controls, and what turns the direction of text (Unicode's Bidi_Control). */
  private static final String UNPRINTABLE =
      "(?s).*[\\x00-\\x1f\\x7f-\\x9f\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069].*";

  private final Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
  private final Logger ours = (Logger) LoggerFactory.getLogger("io.runwire");
  private final Queue<Throwable> deaths = new ConcurrentLinkedQueue<>();
  private final Thread.@Nullable UncaughtExceptionHandler handlerBefore =
      Thread.getDefaultUncaughtExceptionHandler();
  private final Lines lines;

  private QuietLog(Level limit) {
    lines = new Lines(limit);
    lines.start();
    root.addAppender(lines);
    ours.setLevel(Level.DEBUG);
    Thread.setDefaultUncaughtExceptionHandler((thread, death) -> deaths.add(death));
  }

  /** Lines below that level are what peers may cause. */
  static QuietLog listen(Level limit) {
    return new QuietLog(limit);
  }

  /**
   * Fails if there was a line at the limit or above, one that a peer has disfigured, or a death.
   */
  void assertQuiet() {
    assertThat(deaths).as("threads that died").isEmpty();
    assertThat(lines.offending).isEmpty();
  }

  /** How many lines there were, ours with the debug ones. */
  long count() {
    return lines.count.get();
  }

  @Override
  public void close() {
    root.detachAppender(lines);
    ours.setLevel(null);
    Thread.setDefaultUncaughtExceptionHandler(handlerBefore);
  }

  private static final class Lines extends AppenderBase<ILoggingEvent> {
    final Queue<String> offending = new ConcurrentLinkedQueue<>();
    final AtomicLong count = new AtomicLong();
    private final Level limit;

    Lines(Level limit) {
      this.limit = limit;
    }

    @Override
    protected void append(ILoggingEvent event) {
      count.incrementAndGet();
      String message = event.getFormattedMessage();
      if (event.getLevel().isGreaterOrEqual(limit) || message.matches(UNPRINTABLE)) {
        offending.add(event + trace(event));
      }
    }

    private static String trace(ILoggingEvent event) {
      return event.getThrowableProxy() == null
          ? ""
          : ThrowableProxyUtil.asString(event.getThrowableProxy());
    }
  }
}
