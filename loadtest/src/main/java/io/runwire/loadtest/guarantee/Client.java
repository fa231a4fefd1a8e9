package io.runwire.loadtest.guarantee;

import java.util.HashMap;
import java.util.Map;

/** A client, over all its connections. */
final class Client {
  private static final int NORMAL_CLOSURE = 1000;

  final String name;

  /** What it follows now, by thread. */
  final Map<String, Following> followings = new HashMap<>();

  private int downCode = NORMAL_CLOSURE;

  Client(String name) {
    this.name = name;
  }

  void up() {
    downCode = NORMAL_CLOSURE;
  }

  void down(int code) {
    downCode = code;
  }

  /** Whether its last connection ended other than by its own will, and no other one followed. */
  boolean leftEarly() {
    return downCode != NORMAL_CLOSURE;
  }
}
