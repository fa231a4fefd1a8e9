package io.runwire.edge.conformance;

import static io.runwire.edge.RawClient.FIN;
import static io.runwire.edge.RawClient.PING;
import static io.runwire.edge.RawClient.PONG;
import static io.runwire.edge.RawClient.masked;

import io.runwire.edge.RawClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/** §5.5.2, §5.5.3: pings are answered with their payload and in order; pongs are not answered. */
final class PingCases {
  private static final byte[] LONGEST = Talk.stars(125);

  private PingCases() {}

  static Section section() {
    return new Section(2, "Pings and pongs")
        .group()
        .edge("an empty ping", client -> Talk.pong(client.send(FIN | PING)))
        .edge(
            "a ping with text",
            client -> Talk.pong(client.send(FIN | PING, Talk.ascii("hello")), Talk.ascii("hello")))
        .edge(
            "a ping with bytes that are no text",
            client ->
                Talk.pong(
                    client.send(FIN | PING, Talk.hex("00fffefdfcfb00ff")),
                    Talk.hex("00fffefdfcfb00ff")))
        .edge("a ping of 125", client -> Talk.pong(client.send(FIN | PING, LONGEST), LONGEST))
        .edge("a ping of 126", client -> Talk.fails(client.send(FIN | PING, Talk.stars(126)), 1002))
        .edge(
            "a ping of 125, octet by octet",
            client -> Talk.pong(client.sendInPieces(1, masked(FIN | PING, LONGEST)), LONGEST))
        .edge(
            "an empty pong that nobody asked for",
            client -> {
              client.send(FIN | PONG).send(FIN | PING, (byte) 'x');
              Talk.pong(client, (byte) 'x');
            })
        .edge(
            "a pong with a payload that nobody asked for",
            client -> {
              client.send(FIN | PONG, Talk.ascii("unasked")).send(FIN | PING, (byte) 'x');
              Talk.pong(client, (byte) 'x');
            })
        .edge(
            "such a pong between two pings",
            client -> {
              client
                  .send(FIN | PING, (byte) '1')
                  .send(FIN | PONG, Talk.ascii("unasked"))
                  .send(FIN | PING, (byte) '2');
              Talk.pong(client, (byte) '1');
              Talk.pong(client, (byte) '2');
            })
        .edge(
            "ten pings at once",
            client -> {
              client.sendBytes(tenPings());
              tenPongs(client);
            })
        .edge(
            "ten pings, octet by octet",
            client -> {
              client.sendInPieces(1, tenPings());
              tenPongs(client);
            });
  }

  private static byte[] tenPings() {
    ByteArrayOutputStream pings = new ByteArrayOutputStream();
    for (int i = 0; i < 10; i++) {
      pings.writeBytes(masked(FIN | PING, Talk.ascii("payload " + i)));
    }
    return pings.toByteArray();
  }

  private static void tenPongs(RawClient client) throws IOException {
    for (int i = 0; i < 10; i++) {
      Talk.pong(client, Talk.ascii("payload " + i));
    }
  }
}
