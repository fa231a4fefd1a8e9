package io.runwire.edge.conformance;

import static io.runwire.edge.RawClient.CONTINUATION;
import static io.runwire.edge.RawClient.FIN;
import static io.runwire.edge.RawClient.TEXT;
import static io.runwire.edge.RawClient.masked;

import io.runwire.edge.RawClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/** §8.1: text is UTF-8 (RFC 3629), wherever it is cut, and refused at its first wrong byte. */
final class TextCases {
  private static final byte[] MIXED = Talk.utf8("Hello-µ@ßöäüàá-UTF-8!!");
  private static final byte[] GREEK = Talk.utf8("κ\u1f79σμε");

  private TextCases() {}

  static Section section() {
    Section section = new Section(6, "UTF-8");
    empty(section.group());
    cut(section.group());
    wrong(section.group());
    failsFast(section.group());
    characters(
        section.group(), "24", "c2a2", "e282ac", "f0a4ada2", "68656c6c6f24c2a2e282acf0a4ada2");
    prefixes(section.group());
    characters(section.group(), "00", "c280", "e0a080", "f0908080");
    refused(section.group(), "f888808080", "fc8480808080");
    characters(section.group(), "7f", "dfbf", "efbfbf", "f48fbfbf");
    refused(section.group(), "f7bfbfbf", "fbbfbfbfbf", "fdbfbfbfbfbf");
    characters(section.group(), "ed9fbf", "ee8080", "efbfbd", "f48fbfbf");
    refused(section, "f4908080");
    refused(section.group(), "80", "bf", "80bf", "80bf80", "80bf80bf", "80bf80bf80");
    refused(section, "80bf80bf80bf", range(0x80, 0xbf, ""));
    refused(section.group(), range(0xc0, 0xdf, "20"), range(0xe0, 0xef, "20"));
    refused(section, range(0xf0, 0xf7, "20"), range(0xf8, 0xfb, "20"), range(0xfc, 0xfd, "20"));
    refused(section.group(), UNFINISHED.toArray(String[]::new));
    refused(section.group(), String.join("", UNFINISHED));
    refused(section.group(), "fe", "ff", "fefeffff");
    refused(section.group(), "c0af", "e080af", "f08080af", "f8808080af", "fc80808080af");
    refused(section.group(), "c1bf", "e09fbf", "f08fbfbf", "f887bfbfbf", "fc83bfbfbfbf");
    refused(section.group(), "c080", "e08080", "f0808080", "f880808080", "fc8080808080");
    refused(section.group(), "eda080", "edadbf", "edae80", "edafbf", "edb080", "edbe80", "edbfbf");
    refused(section.group(), "eda080edb080", "eda080edbfbf", "edadbfedb080", "edadbfedbfbf");
    refused(section, "edae80edb080", "edae80edbfbf", "edafbfedb080", "edafbfedbfbf");
    nonCharacters(section.group());
    for (int special = 0xfff9; special <= 0xffff; special++) {
      if (special == 0xfff9) {
        section.group();
      }
      accepted(section, String.format("U+%04X", special), Talk.utf8(Character.toString(special)));
    }
    return section;
  }

  /** Characters without their last byte. */
  private static final List<String> UNFINISHED =
      List.of(
          "c0",
          "e080",
          "f08080",
          "f8808080",
          "fc80808080",
          "df",
          "efbf",
          "f7bfbf",
          "fbbfbfbf",
          "fdbfbfbfbf");

  private static void empty(Section section) {
    accepted(section, "nothing", new byte[0]);
    section.echo(
        "nothing in three fragments",
        client -> {
          client.send(TEXT).send(CONTINUATION).send(FIN | CONTINUATION);
          Talk.text(client, new byte[0]);
        });
    section.echo(
        "three fragments, the middle one not empty",
        client -> {
          client.send(TEXT).send(CONTINUATION, Talk.QUESTION).send(FIN | CONTINUATION);
          Talk.text(client, Talk.QUESTION);
        });
  }

  private static void cut(Section section) {
    accepted(section, "characters of one and two bytes", MIXED);
    section.echo(
        "cut between characters",
        client -> {
          client.send(TEXT, Arrays.copyOf(MIXED, 8)).send(FIN | CONTINUATION, rest(MIXED, 8));
          Talk.text(client, MIXED);
        });
    section.echo("a fragment for each byte", client -> eachByte(client, MIXED));
    section.echo("a fragment for each byte, longer characters", client -> eachByte(client, GREEK));
  }

  private static void wrong(Section section) {
    byte[] spoiled = Talk.hex("cebae1bdb9cf83cebcceb5eda080656469746564");
    section.edge(
        "half a surrogate pair", client -> Talk.fails(client.send(FIN | TEXT, spoiled), 1007));
    section.edge(
        "half a surrogate pair, a fragment for each byte",
        client -> {
          client.send(TEXT);
          for (int i = 0; i <= 12; i++) { // up to the byte that cannot stand there
            client.send(CONTINUATION, spoiled[i]);
          }
          Talk.fails(client, 1007);
        });
  }

  /** The message never ends, and is refused all the same. */
  private static void failsFast(Section section) {
    byte[] good = Talk.hex("cebae1bdb9cf83cebcceb5");
    byte[] bad = Talk.hex("f4908080");
    section.edge(
        "above U+10FFFF in a fragment of its own",
        client -> Talk.fails(client.send(TEXT, good).send(CONTINUATION, bad), 1007));
    section.edge(
        "above U+10FFFF, told at its second byte",
        client ->
            Talk.fails(
                client.send(TEXT, good).send(CONTINUATION, bad[0]).send(CONTINUATION, bad[1]),
                1007));
    byte[] frame = masked(FIN | TEXT, concat(good, bad, Talk.ascii("edited")));
    int header = frame.length - good.length - bad.length - 6;
    section.edge(
        "above U+10FFFF inside a frame that has not come to its end",
        client ->
            Talk.fails(
                client.sendBytes(Arrays.copyOf(frame, header + good.length + bad.length)), 1007));
    section.edge(
        "the same, told at its second byte",
        client ->
            Talk.fails(client.sendBytes(Arrays.copyOf(frame, header + good.length + 2)), 1007));
  }

  /** A text cut off after each of its bytes. */
  private static void prefixes(Section section) {
    List<Integer> ends = List.of(2, 5, 7, 9, 11);
    for (int length = 1; length <= GREEK.length; length++) {
      byte[] prefix = Arrays.copyOf(GREEK, length);
      if (ends.contains(length)) {
        accepted(section, length + " bytes of Greek", prefix);
      } else {
        refused(section, length + " bytes of Greek", prefix);
      }
    }
  }

  /** Code points that stand for no character, and are valid all the same. */
  private static void nonCharacters(Section section) {
    for (int plane = 0; plane <= 16; plane++) {
      for (int low : new int[] {0xfffe, 0xffff}) {
        int point = plane << 16 | low;
        accepted(section, String.format("U+%04X", point), Talk.utf8(Character.toString(point)));
      }
    }
  }

  private static void characters(Section section, String... hexes) {
    for (String hex : hexes) {
      accepted(section, hex, Talk.hex(hex));
    }
  }

  private static void refused(Section section, String... hexes) {
    for (String hex : hexes) {
      refused(section, hex.length() > 24 ? hex.substring(0, 24) + "…" : hex, Talk.hex(hex));
    }
  }

  private static void accepted(Section section, String what, byte[] text) {
    section.echo(what + " is text", client -> Talk.text(client.send(FIN | TEXT, text), text));
  }

  private static void refused(Section section, String what, byte[] text) {
    section.edge(what + " is none", client -> Talk.fails(client.send(FIN | TEXT, text), 1007));
  }

  private static void eachByte(RawClient client, byte[] text) throws IOException {
    client.send(TEXT);
    for (byte each : text) {
      client.send(CONTINUATION, each);
    }
    client.send(FIN | CONTINUATION);
    Talk.text(client, text);
  }

  private static String range(int from, int to, String behindEach) {
    StringBuilder hex = new StringBuilder();
    for (int b = from; b <= to; b++) {
      hex.append(Integer.toHexString(b)).append(behindEach);
    }
    return hex.toString();
  }

  private static byte[] rest(byte[] bytes, int from) {
    return Arrays.copyOfRange(bytes, from, bytes.length);
  }

  private static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }
}
