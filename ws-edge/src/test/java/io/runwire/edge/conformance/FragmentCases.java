package io.runwire.edge.conformance;

import static io.runwire.edge.RawClient.CONTINUATION;
import static io.runwire.edge.RawClient.FIN;
import static io.runwire.edge.RawClient.PING;
import static io.runwire.edge.RawClient.PONG;
import static io.runwire.edge.RawClient.TEXT;
import static io.runwire.edge.RawClient.masked;

import io.runwire.edge.RawClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/** §5.4: messages in fragments, with control frames between them. */
final class FragmentCases {
  private static final byte[] ONE = Talk.ascii("fragment 1 ");
  private static final byte[] TWO = Talk.ascii("fragment 2");
  private static final byte[] BOTH = Talk.ascii("fragment 1 fragment 2");

  /** How the bytes of a case are cut into segments. */
  private enum Cut {
    WHOLE("at once", Integer.MAX_VALUE >> 1),
    TENS("in segments of ten", 10),
    OCTETS("octet by octet", 1);

    final String words;
    final int size;

    Cut(String words, int size) {
      this.words = words;
      this.size = size;
    }
  }

  private FragmentCases() {}

  static Section section() {
    Section section = new Section(5, "Fragmentation").group();
    section.edge(
        "a ping in two",
        client -> Talk.fails(client.sendBytes(frames(PING, ONE, FIN | CONTINUATION, TWO)), 1002));
    section.edge(
        "a pong in two",
        client -> Talk.fails(client.sendBytes(frames(PONG, ONE, FIN | CONTINUATION, TWO)), 1002));
    for (Cut cut : Cut.values()) {
      section.echo(
          "a text in two, " + cut.words,
          client ->
              Talk.text(
                  client.sendInPieces(cut.size, frames(TEXT, ONE, FIN | CONTINUATION, TWO)), BOTH));
    }
    for (Cut cut : Cut.values()) {
      section.echo(
          "a text in two with a ping between, " + cut.words,
          client -> {
            client.sendInPieces(
                cut.size,
                frames(TEXT, ONE, FIN | PING, Talk.ascii("ping"), FIN | CONTINUATION, TWO));
            Talk.pong(client, Talk.ascii("ping"));
            Talk.text(client, BOTH);
          });
    }
    for (int first : new int[] {FIN | CONTINUATION, CONTINUATION}) {
      for (Cut cut : Cut.values()) {
        section.edge(
            "a "
                + (first == CONTINUATION ? "first" : "last")
                + " continuation of nothing, and a text, "
                + cut.words,
            client ->
                Talk.fails(
                    Talk.send(client, cut.size, frames(first, ONE, FIN | TEXT, Talk.QUESTION)),
                    1002));
      }
    }
    return section
        .echo(
            "a text in two, and then a continuation of nothing",
            client -> {
              client.sendBytes(
                  frames(TEXT, ONE, FIN | CONTINUATION, TWO, CONTINUATION, ONE, FIN | TEXT, TWO));
              Talk.text(client, BOTH);
              Talk.fails(client, 1002);
            })
        .edge(
            "a continuation of nothing, and then a text in two",
            client ->
                Talk.fails(
                    client.sendBytes(frames(CONTINUATION, ONE, TEXT, ONE, FIN | CONTINUATION, TWO)),
                    1002))
        .edge(
            "a last continuation of nothing, and then a text in two",
            client ->
                Talk.fails(
                    client.sendBytes(
                        frames(FIN | CONTINUATION, ONE, TEXT, ONE, FIN | CONTINUATION, TWO)),
                    1002))
        .edge(
            "a text that begins inside another",
            client -> Talk.fails(client.sendBytes(frames(TEXT, ONE, FIN | TEXT, TWO)), 1002))
        .echo("a text in five with pings between, at once", client -> inFive(client, Cut.WHOLE))
        .echo(
            "a text in five with pings between, octet by octet",
            client -> inFive(client, Cut.OCTETS));
  }

  private static void inFive(RawClient client, Cut cut) throws IOException {
    client.sendInPieces(
        cut.size,
        frames(
            TEXT,
            ONE,
            CONTINUATION,
            ONE,
            FIN | PING,
            Talk.ascii("first"),
            CONTINUATION,
            ONE,
            CONTINUATION,
            ONE,
            FIN | PING,
            Talk.ascii("second"),
            FIN | CONTINUATION,
            TWO));
    Talk.pong(client, Talk.ascii("first"));
    Talk.pong(client, Talk.ascii("second"));
    Talk.text(client, Talk.ascii("fragment 1 ".repeat(4) + "fragment 2"));
  }

  /** First bytes and payloads of frames, in turn. */
  private static byte[] frames(Object... firstsAndPayloads) {
    ByteArrayOutputStream frames = new ByteArrayOutputStream();
    for (int i = 0; i < firstsAndPayloads.length; i += 2) {
      frames.writeBytes(masked((int) firstsAndPayloads[i], (byte[]) firstsAndPayloads[i + 1]));
    }
    return frames.toByteArray();
  }
}
