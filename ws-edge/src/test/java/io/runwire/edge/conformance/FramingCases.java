package io.runwire.edge.conformance;

import static io.runwire.edge.RawClient.BINARY;
import static io.runwire.edge.RawClient.FIN;
import static io.runwire.edge.RawClient.TEXT;
import static io.runwire.edge.RawClient.masked;

import io.runwire.edge.conformance.Case.On;
import io.runwire.edge.conformance.Case.Rule;

/** §5.2: the three forms of a length, at their borders. */
final class FramingCases {
  private static final int[] LENGTHS = {0, 125, 126, 127, 128, 65_535, 65_536};
  private static final int PIECE = 997;

  private FramingCases() {}

  static Section section() {
    Section section = new Section(1, "Framing").group();
    for (int length : LENGTHS) {
      byte[] payload = Talk.stars(length);
      section.echo(
          "text of " + length, client -> Talk.text(client.send(FIN | TEXT, payload), payload));
    }
    byte[] largest = Talk.stars(65_536);
    section.echo(
        "text of 65536 in segments of " + PIECE,
        client -> Talk.text(client.sendInPieces(PIECE, masked(FIN | TEXT, largest)), largest));

    section.group();
    for (int length : LENGTHS) {
      section.add(
          "binary of " + length,
          On.EDGE,
          Rule.TEXT_ONLY,
          client ->
              Talk.fails(Talk.send(client, PIECE, masked(FIN | BINARY, Talk.stars(length))), 1003));
    }
    return section.add(
        "binary of 65536 in segments of " + PIECE,
        On.EDGE,
        Rule.TEXT_ONLY,
        client -> Talk.fails(Talk.send(client, PIECE, masked(FIN | BINARY, largest)), 1003));
  }
}
