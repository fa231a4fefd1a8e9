package io.runwire.producer;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Text that arrives in pieces and leaves as deltas: each fits into one event, and none ends within
 * a character, even if a piece does.
 *
 * <p>Used in its run's turn only.
 */
final class TextStream {
  /** At six bytes for the costliest char of JSON this stays below the largest event. */
  static final int MAX_DELTA_CHARS = 1 << 17;

  private final Function<String, Draft> event;
  private String heldBack = ""; // half a surrogate pair whose other half is to come

  TextStream(Function<String, Draft> event) {
    this.event = event;
  }

  /** Writes what can be written of it, all or nothing. */
  void write(RunWriter.Turn turn, String piece) {
    String text = heldBack + piece;
    int end = text.length();
    if (end > 0 && Character.isHighSurrogate(text.charAt(end - 1))) {
      end--;
    }
    turn.write(deltas(text.substring(0, end)));
    heldBack = text.substring(end);
  }

  /** What is still held back when nothing more will come. */
  List<Draft> rest() {
    return deltas(heldBack);
  }

  /** A text that is whole, cut only where it is too long for one event. */
  List<Draft> deltas(String text) {
    List<Draft> deltas = new ArrayList<>();
    int start = 0;
    while (start < text.length()) {
      int end = Math.min(start + MAX_DELTA_CHARS, text.length());
      if (end < text.length() && Character.isHighSurrogate(text.charAt(end - 1))) {
        end--;
      }
      deltas.add(event.apply(text.substring(start, end)));
      start = end;
    }
    return deltas;
  }
}
