package io.runwire.edge.conformance;

import static io.runwire.edge.RawClient.BINARY;
import static io.runwire.edge.RawClient.CONTINUATION;
import static io.runwire.edge.RawClient.FIN;
import static io.runwire.edge.RawClient.TEXT;
import static io.runwire.edge.RawClient.masked;

import io.runwire.edge.RawClient;
import io.runwire.edge.conformance.Case.On;
import io.runwire.edge.conformance.Case.Rule;
import io.runwire.edge.settings.BoundsSettings.Inbound;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;

/**
 * §10.4: large messages, and many. Ours are bounded: up to the bound they come whole, however they
 * are cut; beyond it the connection is closed. Nothing here measures how fast.
 */
final class LimitCases {
  static final int LIMIT = Inbound.DEFAULT_MESSAGE_BYTES;

  private static final int KIB = 1 << 10;
  private static final int MIB = 1 << 20;
  private static final int MESSAGES = 1_000;

  private LimitCases() {}

  static Section section() {
    Section section = new Section(9, "Limits");
    int[] sizes = {64 * KIB, 256 * KIB, MIB, 4 * MIB, 8 * MIB, 16 * MIB};
    section.group();
    for (int size : sizes) {
      if (size <= LIMIT) {
        section.echo(
            "text of " + size, client -> echoed(client, masked(FIN | TEXT, Talk.stars(size))));
      } else {
        section.add("text of " + size, On.EDGE, Rule.SIZE, client -> tooBig(client, size, size));
      }
    }
    section.group();
    for (int size : sizes) {
      binary(
          section,
          "binary of " + size,
          client -> flood(client, masked(FIN | BINARY, Talk.stars(size))));
    }
    inFragments(section);
    inSegments(section);
    many(section);
    return section;
  }

  static Section fragments() {
    return new Section(10, "Fragments that fit no buffer")
        .group()
        .echo(
            "the largest text in fragments of 1300",
            client -> echoed(client, fragmented(TEXT, LIMIT, 1_300)));
  }

  private static void inFragments(Section section) {
    int[] sizes = {64, 256, KIB, 4 * KIB, 16 * KIB, 64 * KIB, 256 * KIB, MIB, 4 * MIB};
    section.group();
    for (int size : sizes) {
      if (size <= LIMIT) {
        section.echo(
            "the largest text in fragments of " + size,
            client -> echoed(client, fragmented(TEXT, LIMIT, size)));
      } else {
        section.add(
            "text of 4 MiB in fragments of " + size,
            On.EDGE,
            Rule.SIZE,
            client -> tooBig(client, 4 * MIB, size));
      }
    }
    section.group();
    for (int size : sizes) {
      binary(
          section,
          "binary of 4 MiB in fragments of " + size,
          client -> flood(client, fragmented(BINARY, 4 * MIB, size)));
    }
  }

  private static void inSegments(Section section) {
    int[] sizes = {64, 128, 256, 512, KIB, 2 * KIB};
    section.group();
    for (int size : sizes) {
      section.echo(
          "the largest text in segments of " + size,
          client -> {
            client.sendInPieces(size, masked(FIN | TEXT, Talk.stars(LIMIT)));
            Talk.text(client, Talk.stars(LIMIT));
          });
    }
    section.group();
    for (int size : sizes) {
      binary(
          section,
          "binary of 64 KiB in segments of " + size,
          client -> Talk.send(client, size, masked(FIN | BINARY, Talk.stars(LIMIT))));
    }
  }

  private static void many(Section section) {
    int[] sizes = {0, 16, 64, 256, KIB, 4 * KIB};
    section.group();
    for (int size : sizes) {
      byte[] payload = Talk.stars(size);
      section.echo(
          MESSAGES + " texts of " + size,
          client -> {
            for (int i = 0; i < MESSAGES; i++) {
              Talk.text(client.send(FIN | TEXT, payload), payload);
            }
          });
    }
    section.group();
    for (int size : sizes) {
      binary(
          section,
          MESSAGES + " binaries of " + size,
          client -> {
            for (int i = 0; i < MESSAGES; i++) {
              Talk.send(client, LIMIT, masked(FIN | BINARY, Talk.stars(size)));
            }
          });
    }
  }

  /** Sends more than is read; the answer comes all the same. */
  private static void binary(Section section, String what, Case.Conversation sending) {
    section.add(
        what,
        On.EDGE,
        Rule.TEXT_ONLY,
        client -> {
          sending.with(client);
          Talk.closes(client, 1003);
        });
  }

  private static void tooBig(RawClient client, int size, int fragment) throws IOException {
    flood(client, fragmented(TEXT, size, fragment));
    Talk.closes(client, 1009);
  }

  private static void echoed(RawClient client, byte[] frames) throws IOException {
    client.sendBytes(frames);
    Talk.text(client, Talk.stars(LIMIT));
  }

  private static void flood(RawClient client, byte[] frames) throws IOException {
    Talk.send(client, LIMIT, frames);
  }

  private static byte[] fragmented(int opcode, int size, int fragment) {
    ByteArrayOutputStream frames = new ByteArrayOutputStream();
    byte[] payload = Talk.stars(size);
    for (int from = 0; from < size; from += fragment) {
      int to = Math.min(size, from + fragment);
      int first = (from == 0 ? opcode : CONTINUATION) | (to == size ? FIN : 0);
      frames.writeBytes(masked(first, Arrays.copyOfRange(payload, from, to)));
    }
    return frames.toByteArray();
  }
}
