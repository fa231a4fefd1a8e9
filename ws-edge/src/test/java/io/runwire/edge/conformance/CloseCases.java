package io.runwire.edge.conformance;

import static io.runwire.edge.RawClient.CLOSE;
import static io.runwire.edge.RawClient.CONTINUATION;
import static io.runwire.edge.RawClient.FIN;
import static io.runwire.edge.RawClient.PING;
import static io.runwire.edge.RawClient.TEXT;

import io.runwire.edge.conformance.Case.On;
import io.runwire.edge.conformance.Case.Rule;
import java.nio.ByteBuffer;

/** §5.5.1, §7: the goodbye, and the codes that may stand in it. */
final class CloseCases {
  /** A control frame has at most 125 bytes, of which the code takes two. */
  private static final int LONGEST_REASON = 123;

  private CloseCases() {}

  static Section section() {
    Section section = new Section(7, "Close");
    order(section.group());
    payload(section.group());
    section
        .group()
        .edge(
            "a reason that is not UTF-8",
            client ->
                Talk.fails(
                    client.send(FIN | CLOSE, close(1000, Talk.hex("cebae1bdb9eda080"))), 1007));
    section.group();
    for (int code :
        new int[] {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999}) {
      section.edge(
          "code " + code, client -> Talk.closed(client.send(FIN | CLOSE, Talk.code(code)), code));
    }
    section.group();
    for (int code : new int[] {0, 999, 1004, 1005, 1006, 1016, 1100, 2000, 2999}) {
      section.edge(
          "code " + code + ", which nobody may send",
          client -> Talk.fails(client.send(FIN | CLOSE, Talk.code(code)), 1002));
    }
    section.group();
    for (int code : new int[] {5000, 65_535}) {
      section.edge(
          "code " + code + ", which is none",
          client -> Talk.fails(client.send(FIN | CLOSE, Talk.code(code)), 1002));
    }
    return section;
  }

  private static void order(Section section) {
    section
        .edge(
            "a message, then close",
            client -> {
              client.send(FIN | TEXT, Talk.QUESTION);
              Talk.answer(client);
              Talk.closed(client.send(FIN | CLOSE, Talk.code(1000)), 1000);
            })
        .edge(
            "two closes",
            client ->
                Talk.closed(
                    client.send(FIN | CLOSE, Talk.code(1000)).send(FIN | CLOSE, Talk.code(1000)),
                    1000))
        .edge(
            "a ping behind the close is not answered",
            client -> Talk.closed(client.send(FIN | CLOSE, Talk.code(1000)).send(FIN | PING), 1000))
        .edge(
            "a text behind the close is not answered",
            client ->
                Talk.closed(
                    client.send(FIN | CLOSE, Talk.code(1000)).send(FIN | TEXT, Talk.QUESTION),
                    1000))
        .edge(
            "a close inside a fragmented message",
            client ->
                Talk.closed(
                    client
                        .send(TEXT, Talk.QUESTION)
                        .send(FIN | CLOSE, Talk.code(1000))
                        .send(FIN | CONTINUATION, Talk.QUESTION),
                    1000))
        .add(
            "a large message, then close",
            On.ECHO,
            Rule.SIZE,
            client -> {
              byte[] largest = Talk.stars(LimitCases.LIMIT);
              client.send(FIN | TEXT, largest).send(FIN | CLOSE, Talk.code(1000));
              Talk.text(client, largest);
              Talk.closed(client, 1000);
            });
  }

  private static void payload(Section section) {
    section
        .edge("no payload", client -> Talk.closed(client.send(FIN | CLOSE), 0))
        .edge(
            "a payload of one byte", client -> Talk.fails(client.send(FIN | CLOSE, (byte) 3), 1002))
        .edge("a code", client -> Talk.closed(client.send(FIN | CLOSE, Talk.code(1000)), 1000))
        .edge(
            "a code and a reason",
            client ->
                Talk.closed(client.send(FIN | CLOSE, close(1000, Talk.ascii("enough"))), 1000))
        .edge(
            "the longest reason",
            client ->
                Talk.closed(
                    client.send(FIN | CLOSE, close(1000, Talk.stars(LONGEST_REASON))), 1000))
        .edge(
            "a reason of one byte more",
            client ->
                Talk.fails(
                    client.send(FIN | CLOSE, close(1000, Talk.stars(LONGEST_REASON + 1))), 1002));
  }

  private static byte[] close(int code, byte[] reason) {
    return ByteBuffer.allocate(2 + reason.length).putShort((short) code).put(reason).array();
  }
}
