package io.runwire.edge.conformance;

import static io.runwire.edge.RawClient.BINARY;
import static io.runwire.edge.RawClient.CLOSE;
import static io.runwire.edge.RawClient.FIN;
import static io.runwire.edge.RawClient.PING;
import static io.runwire.edge.RawClient.TEXT;
import static io.runwire.edge.RawClient.masked;

import java.io.ByteArrayOutputStream;

/** §5.2: bits and opcodes that mean nothing, since no extension was negotiated. */
final class ReservedCases {
  private ReservedCases() {}

  static Section bits() {
    return new Section(3, "Reserved bits")
        .group()
        .edge(
            "RSV3 on a text",
            client -> Talk.fails(client.send(FIN | 0x10 | TEXT, Talk.QUESTION), 1002))
        .edge(
            "RSV2 on a text between a good one and a ping",
            client -> {
              client.sendBytes(between(FIN | 0x20 | TEXT));
              Talk.answer(client);
              Talk.fails(client, 1002);
            })
        .edge(
            "RSV2 and RSV3, frame by frame",
            client -> {
              client.send(FIN | TEXT, Talk.QUESTION);
              Talk.answer(client);
              Talk.fails(client.send(FIN | 0x30 | TEXT, Talk.QUESTION), 1002);
            })
        .edge(
            "RSV1, octet by octet",
            client -> {
              Talk.send(client, 1, between(FIN | 0x40 | TEXT));
              Talk.answer(client);
              Talk.fails(client, 1002);
            })
        .edge(
            "RSV1 and RSV3 on a binary",
            client -> Talk.fails(client.send(FIN | 0x50 | BINARY, Talk.hex("00ff")), 1002))
        .edge(
            "RSV1 and RSV2 on a ping",
            client -> Talk.fails(client.send(FIN | 0x60 | PING, Talk.QUESTION), 1002))
        .edge(
            "all three on a close",
            client -> Talk.fails(client.send(FIN | 0x70 | CLOSE, Talk.code(1000)), 1002));
  }

  static Section opcodes() {
    Section section = new Section(4, "Opcodes");
    for (int[] group : new int[][] {{3, 4, 5, 6, 7}, {0xb, 0xc, 0xd, 0xe, 0xf}}) {
      section.group();
      int shape = 0;
      for (int opcode : group) {
        switch (shape++) {
          case 0 ->
              section.edge(
                  "opcode " + opcode, client -> Talk.fails(client.send(FIN | opcode), 1002));
          case 1 ->
              section.edge(
                  "opcode " + opcode + " with a payload",
                  client -> Talk.fails(client.send(FIN | opcode, Talk.QUESTION), 1002));
          case 2 ->
              section.edge(
                  "opcode " + opcode + " behind a text, and a ping behind it",
                  client -> {
                    client.sendBytes(between(FIN | opcode));
                    Talk.answer(client);
                    Talk.fails(client, 1002);
                  });
          case 3 ->
              section.edge(
                  "opcode " + opcode + " behind a text, frame by frame",
                  client -> {
                    client.send(FIN | TEXT, Talk.QUESTION);
                    Talk.answer(client);
                    Talk.fails(client.send(FIN | opcode, Talk.QUESTION), 1002);
                  });
          default ->
              section.edge(
                  "opcode " + opcode + " behind a text, octet by octet",
                  client -> {
                    Talk.send(client, 1, between(FIN | opcode));
                    Talk.answer(client);
                    Talk.fails(client, 1002);
                  });
        }
      }
    }
    return section;
  }

  /** A question, a frame that begins with that byte, and a ping, in one write. */
  private static byte[] between(int first) {
    ByteArrayOutputStream frames = new ByteArrayOutputStream();
    frames.writeBytes(masked(FIN | TEXT, Talk.QUESTION));
    frames.writeBytes(masked(first, Talk.QUESTION));
    frames.writeBytes(masked(FIN | PING));
    return frames.toByteArray();
  }
}
