package io.runwire.loadtest.drive;

import io.runwire.fold.RunPosition;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;

/** What a client says. Tokens, ids and cursors need no escaping in JSON. */
final class ClientJson {
  static final String PING = "{\"op\":\"ping\"}";

  private ClientJson() {}

  static String auth(String token) {
    return "{\"op\":\"auth\",\"token\":\"" + token + "\"}";
  }

  static String ack(String thread, String cursor) {
    return "{\"op\":\"ack\",\"thread\":\"" + thread + "\",\"cursor\":\"" + cursor + "\"}";
  }

  static String unsubscribe(long id, String thread) {
    return "{\"op\":\"unsubscribe\",\"id\":" + id + ",\"thread\":\"" + thread + "\"}";
  }

  /** A subscribe frame: from the position where it has a cursor, else from {@code wish.from()}. */
  static String subscribe(long id, Wish wish, Position position) {
    StringBuilder frame = new StringBuilder(128);
    frame.append("{\"op\":\"subscribe\",\"id\":").append(id);
    text(frame, "thread", wish.thread());
    wish.run().ifPresent(run -> text(frame, "run", run));
    Optional<String> after = position.cursor();
    if (after.isPresent()) {
      text(frame, "after", after.get());
      if (!position.runs().isEmpty()) {
        frame.append(",\"runs\":").append(runs(position.runs()));
      }
    } else {
      text(frame, "from", wish.from());
    }
    return frame.append(wish.ack() ? ",\"ack\":true}" : "}").toString();
  }

  private static String runs(Map<String, RunPosition> runs) {
    StringJoiner all = new StringJoiner(",", "{", "}");
    runs.forEach((run, at) -> all.add("\"" + run + "\":[" + at.attempt() + "," + at.seq() + "]"));
    return all.toString();
  }

  private static void text(StringBuilder frame, String name, String value) {
    frame.append(",\"").append(name).append("\":\"").append(value).append('"');
  }
}
