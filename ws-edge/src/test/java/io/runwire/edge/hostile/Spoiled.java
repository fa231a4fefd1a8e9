package io.runwire.edge.hostile;

import static io.runwire.edge.RawClient.CLOSE;
import static io.runwire.edge.RawClient.CONTINUATION;
import static io.runwire.edge.RawClient.FIN;
import static io.runwire.edge.RawClient.PING;
import static io.runwire.edge.RawClient.TEXT;
import static io.runwire.edge.RawClient.masked;

import io.runwire.edge.RawClient;
import io.runwire.edge.TestEdge;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Traffic of an honest client, spoiled in one of several layers.
 *
 * @param onSocket whether the bytes follow a handshake that was good
 */
record Spoiled(Layer layer, boolean onSocket, byte[] bytes) {
  enum Layer {
    /** The bytes of WebSocket frames, headers and all. */
    FRAMES,
    /** The JSON inside frames that are good. */
    JSON,
    /** The cursor inside a request that is good. */
    CURSOR,
    /** The bytes of a handshake, or of another request. */
    REQUEST
  }

  /** Traffic spoiled as {@code random} says. */
  static Spoiled traffic(RandomGenerator random, TestEdge edge, String token) {
    Mutator mutator = new Mutator(random);
    Layer layer = Layer.values()[random.nextInt(Layer.values().length)];
    return switch (layer) {
      case FRAMES -> new Spoiled(layer, true, mutator.spoil(frames(edge)));
      case JSON -> new Spoiled(layer, true, spoiledTexts(random, mutator, edge));
      case CURSOR -> cursor(random, mutator, edge, token);
      case REQUEST -> new Spoiled(layer, false, mutator.spoil(request(random, edge, token)));
    };
  }

  private static Spoiled cursor(
      RandomGenerator random, Mutator mutator, TestEdge edge, String token) {
    byte[] cursor = mutator.spoil(ascii(CursorInputs.start(edge, "t")));
    if (random.nextBoolean()) {
      String text = new String(cursor, StandardCharsets.ISO_8859_1);
      String frame = "{\"op\":\"subscribe\",\"id\":1,\"thread\":\"t\",\"after\":\"" + text + "\"}";
      return new Spoiled(
          Layer.CURSOR, true, masked(FIN | TEXT, frame.getBytes(StandardCharsets.UTF_8)));
    }
    ByteArrayOutputStream request = new ByteArrayOutputStream();
    request.writeBytes(ascii(get(edge, token, "/v1/threads/t/events", "Last-Event-ID: ")));
    request.writeBytes(cursor);
    request.writeBytes(ascii("\r\n\r\n"));
    return new Spoiled(Layer.CURSOR, false, request.toByteArray());
  }

  private static byte[] frames(TestEdge edge) {
    ByteArrayOutputStream frames = new ByteArrayOutputStream();
    List<String> texts = texts(edge);
    for (String text : texts) {
      frames.writeBytes(masked(FIN | TEXT, ascii(text)));
    }
    frames.writeBytes(masked(TEXT, ascii("{\"op\":")));
    frames.writeBytes(masked(FIN | PING, ascii("between")));
    frames.writeBytes(masked(FIN | CONTINUATION, ascii("\"ping\"}")));
    frames.writeBytes(masked(FIN | CLOSE, (byte) 3, (byte) 0xe8));
    return frames.toByteArray();
  }

  private static byte[] spoiledTexts(RandomGenerator random, Mutator mutator, TestEdge edge) {
    ByteArrayOutputStream frames = new ByteArrayOutputStream();
    for (String text : texts(edge)) {
      byte[] bytes = ascii(text);
      frames.writeBytes(masked(FIN | TEXT, random.nextBoolean() ? mutator.spoil(bytes) : bytes));
    }
    return frames.toByteArray();
  }

  private static List<String> texts(TestEdge edge) {
    String cursor = CursorInputs.start(edge, "t");
    return List.of(
        "{\"op\":\"ping\"}",
        "{\"op\":\"subscribe\",\"id\":1,\"thread\":\"t\",\"after\":\""
            + cursor
            + "\",\"runs\":{\"r\":[1,2]},\"ack\":true}",
        "{\"op\":\"ack\",\"thread\":\"t\",\"cursor\":\"" + cursor + "\"}",
        "{\"op\":\"unsubscribe\",\"id\":2,\"thread\":\"t\"}",
        "{\"op\":\"subscribe\",\"id\":3,\"thread\":\"u\",\"run\":\"r\",\"from\":\"earliest\"}");
  }

  private static byte[] request(RandomGenerator random, TestEdge edge, String token) {
    return switch (random.nextInt(3)) {
      case 0 ->
          ascii(
              RawClient.upgrade(
                  edge, "Sec-WebSocket-Protocol: runwire.v1", "Authorization: Bearer " + token));
      case 1 -> ascii(get(edge, token, "/v1/route?thread=t", "Accept: */*\r\n\r\n"));
      default ->
          ascii(
              get(edge, token, "/v1/threads/t/events?from=earliest&run=r", "Accept: */*\r\n\r\n"));
    };
  }

  private static String get(TestEdge edge, String token, String pathAndQuery, String rest) {
    return "GET "
        + pathAndQuery
        + " HTTP/1.1\r\nHost: "
        + edge.authority()
        + "\r\nAuthorization: Bearer "
        + token
        + "\r\n"
        + rest;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public String toString() {
    return layer
        + (onSocket ? " behind a good handshake: " : " from the start: ")
        + HexFormat.of().formatHex(bytes);
  }
}
