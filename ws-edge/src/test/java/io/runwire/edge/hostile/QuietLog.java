package io.runwire.edge.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
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
  private final Lines lines = new Lines();

  private QuietLog() {
    lines.start();
    root.addAppender(lines);
    ours.setLevel(Level.DEBUG);
    Thread.setDefaultUncaughtExceptionHandler((thread, death) -> deaths.add(death));
  }

  static QuietLog listen() {
    return new QuietLog();
  }

  /** Fails if there is a line at that level or above, or one that a peer has disfigured. */
  void assertBelow(Level level) {
    assertThat(deaths).as("threads that died").isEmpty();
    assertThat(lines.all)
        .allSatisfy(
            event -> {
              assertThat(event.getLevel().toInt()).as(() -> text(event)).isLessThan(level.toInt());
              assertThat(event.getFormattedMessage()).doesNotMatch(UNPRINTABLE);
            });
  }

  /** What was logged, ours with its debug lines. */
  List<String> messages() {
    return lines.all.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  @Override
  public void close() {
    root.detachAppender(lines);
    ours.setLevel(null);
    Thread.setDefaultUncaughtExceptionHandler(handlerBefore);
  }

  private static String text(ILoggingEvent event) {
    return event
        + (event.getThrowableProxy() == null ? "" : " " + event.getThrowableProxy().getMessage());
  }

  private static final class Lines extends AppenderBase<ILoggingEvent> {
    final Queue<ILoggingEvent> all = new ConcurrentLinkedQueue<>();

    @Override
    protected void append(ILoggingEvent event) {
      all.add(event);
    }
  }
}
