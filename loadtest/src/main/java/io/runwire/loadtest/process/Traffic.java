package io.runwire.loadtest.process;

import java.time.Duration;

/**
 * What a {@link TcpProxy} does to the bytes that pass through it.
 *
 * @param up whether bytes flow from the side that connected
 * @param down whether bytes flow to the side that connected; where they do not, nothing is read
 *     either, so that the sender's window closes
 * @param longestDelay each piece waits for a random time up to this
 * @param bytesPerSecond of each connection and direction; 0 for no limit
 * @param slice bytes per segment; 0 for as they come
 */
public record Traffic(
    boolean up, boolean down, Duration longestDelay, int bytesPerSecond, int slice) {
  /** Everything passes as it comes. */
  public static final Traffic FREE = new Traffic(true, true, Duration.ZERO, 0, 0);

  /** Nothing passes, and nobody is told. */
  public static final Traffic CUT = new Traffic(false, false, Duration.ZERO, 0, 0);

  /** What the connecting side sends arrives; what it should read does not. */
  public static final Traffic ONE_WAY = new Traffic(true, false, Duration.ZERO, 0, 0);

  public static Traffic delayed(Duration longestDelay) {
    return new Traffic(true, true, longestDelay, 0, 0);
  }

  public static Traffic limited(int bytesPerSecond) {
    return new Traffic(true, true, Duration.ZERO, bytesPerSecond, 0);
  }

  public static Traffic sliced(int bytes) {
    return new Traffic(true, true, Duration.ZERO, 0, bytes);
  }
}
