package io.runwire.processor.topics;

import java.util.List;

/** Records can no longer be read that the group has not read; going on would hide the loss. */
public final class PositionLostException extends RuntimeException {
  PositionLostException(String group, List<String> lost) {
    super(
        "the processor's position is lost:\n  "
            + String.join("\n  ", lost)
            + "\nTo go on without these records, set the offsets of group "
            + group
            + " (kafka-consumer-groups --reset-offsets).");
  }
}
