package io.runwire.edge.hostile;

import static io.runwire.edge.hostile.BadInput.inRequest;
import static org.awaitility.Awaitility.await;

import io.runwire.edge.RawClient;
import io.runwire.edge.TestEdge;
import io.runwire.edge.hostile.Answer.Accepts;
import io.runwire.edge.hostile.Answer.CutsOff;
import io.runwire.frame.ErrorCode;
import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Handshakes and requests over HTTP that are none, or mean something else to a proxy. */
final class RequestInputs {
  private static final Answer BAD_REQUEST = Answer.status(400, ErrorCode.BAD_REQUEST);
  private static final Answer FORBIDDEN = Answer.status(403, ErrorCode.FORBIDDEN);
  private static final Answer NOT_FOUND = Answer.status(404, ErrorCode.NOT_FOUND);
  private static final Answer GET_ONLY = Answer.status(405, ErrorCode.METHOD_NOT_ALLOWED);
  private static final Answer UPGRADE_REQUIRED = Answer.status(426, ErrorCode.UPGRADE_REQUIRED);
  private static final Answer OPENS = new Accepts(101, "the WebSocket opens; its token decides");
  private static final String KEY = "Sec-WebSocket-Key: " + RawClient.KEY + "\r\n";
  private static final String SUBPROTOCOL = "Sec-WebSocket-Protocol: runwire.v1";
  private static final String MANY =
      IntStream.range(0, 200).mapToObj(i -> "p" + i).collect(Collectors.joining(", "));

  private RequestInputs() {}

  static List<BadInput> all() {
    List<BadInput> inputs = new ArrayList<>();
    handshakes(inputs);
    origins(inputs);
    heads(inputs);
    paths(inputs);
    return inputs;
  }

  private static void handshakes(List<BadInput> inputs) {
    inputs.add(inRequest("no Sec-WebSocket-Key", BAD_REQUEST, e -> good(e).replace(KEY, "")));
    inputs.add(
        inRequest(
            "a short Sec-WebSocket-Key",
            BAD_REQUEST,
            e -> good(e).replace(RawClient.KEY, "c2hvcnQ=")));
    inputs.add(
        inRequest(
            "a Sec-WebSocket-Key that is not base64",
            BAD_REQUEST,
            e -> good(e).replace(RawClient.KEY, "!!!!!!!!!!!!!!!!!!!!!!==")));
    inputs.add(
        inRequest("two Sec-WebSocket-Keys", BAD_REQUEST, e -> good(e).replace(KEY, KEY.repeat(2))));
    inputs.add(
        inRequest(
            "Sec-WebSocket-Version 8",
            UPGRADE_REQUIRED,
            e -> good(e).replace("Version: 13", "Version: 8")));
    inputs.add(
        inRequest(
            "no Sec-WebSocket-Version",
            UPGRADE_REQUIRED,
            e -> good(e).replace("Sec-WebSocket-Version: 13\r\n", "")));
    inputs.add(
        inRequest(
            "no Upgrade header",
            UPGRADE_REQUIRED,
            e -> good(e).replace("Upgrade: websocket\r\n", "")));
    inputs.add(inRequest("a handshake by POST", GET_ONLY, e -> good(e).replace("GET ", "POST ")));
    inputs.add(inRequest("no subprotocol of ours", BAD_REQUEST, e -> RawClient.upgrade(e)));
    inputs.add(
        inRequest(
            "our subprotocol in capitals",
            BAD_REQUEST,
            e -> RawClient.upgrade(e, "Sec-WebSocket-Protocol: RUNWIRE.V1")));
    inputs.add(
        inRequest(
            "200 subprotocols, ours not among them",
            BAD_REQUEST,
            e -> RawClient.upgrade(e, "Sec-WebSocket-Protocol: " + MANY)));
    inputs.add(
        inRequest(
            "200 subprotocols and ours",
            OPENS,
            e -> RawClient.upgrade(e, "Sec-WebSocket-Protocol: " + MANY + ", runwire.v1")));
  }

  private static void origins(List<BadInput> inputs) {
    for (String origin :
        List.of(
            "https://evil.example.com",
            "null",
            "https://app.example.com.evil.com",
            "https://evil-app.example.com",
            "https://app.example.com:444",
            "http://app.example.com")) {
      inputs.add(
          inRequest(
              "Origin `" + origin + "`",
              FORBIDDEN,
              e -> RawClient.upgrade(e, SUBPROTOCOL, "Origin: " + origin)));
    }
    inputs.add(inRequest("no Origin", OPENS, RequestInputs::good));
  }

  private static void heads(List<BadInput> inputs) {
    inputs.add(
        inRequest(
            "headers of 8 KiB",
            Answer.status(431, ErrorCode.BAD_REQUEST),
            e -> route(e, "X-Padding: " + "x".repeat(8 << 10))));
    inputs.add(
        new BadInput(
            "headers at one byte a second",
            new CutsOff("after 5 s", "runwire_edge_handshakes_timed_out_total"),
            RequestInputs::trickle));
    inputs.add(
        inRequest(
            "Content-Length and Transfer-Encoding",
            BAD_REQUEST,
            e -> route(e, "Content-Length: 1", "Transfer-Encoding: chunked")));
    inputs.add(
        inRequest(
            "two Content-Lengths",
            BAD_REQUEST,
            e -> route(e, "Content-Length: 1", "Content-Length: 2")));
    inputs.add(inRequest("a folded header", BAD_REQUEST, e -> route(e, "X-Folded: a\r\n b")));
    inputs.add(inRequest("a bare LF in a header", BAD_REQUEST, e -> route(e, "X-Bare: a\nb")));
    inputs.add(inRequest("a NUL in a header", BAD_REQUEST, e -> route(e, "X-Nul: a\0b")));
    inputs.add(inRequest("no Host", BAD_REQUEST, e -> "GET /v1/route?thread=t HTTP/1.1\r\n\r\n"));
    inputs.add(
        inRequest(
            "a Host that is none",
            BAD_REQUEST,
            e -> route(e).replace("Host: ", "Host: [\u00e2\u0080\u00ae")));
    inputs.add(
        inRequest(
            "HTTP/3.7",
            Answer.status(505, ErrorCode.BAD_REQUEST),
            e -> route(e).replace("HTTP/1.1", "HTTP/3.7")));
    inputs.add(
        inRequest(
            "a transfer coding that is none",
            BAD_REQUEST,
            e -> route(e, "Transfer-Encoding: rot13")));
    inputs.add(
        inRequest(
            "a forged X-Forwarded-For",
            new Accepts(200, "served; only a trusted proxy's is believed"),
            e -> route(e, "X-Forwarded-For: 127.0.0.1, 10.0.0.1", "X-Forwarded-Proto: https")));
    inputs.add(
        inRequest("POST", GET_ONLY, e -> route(e, "Content-Length: 0").replace("GET ", "POST ")));
    inputs.add(
        inRequest("CONNECT", NOT_FOUND, e -> "CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n"));
    inputs.add(inRequest("no HTTP", BAD_REQUEST, e -> "\u0016\u0003\u0001\u0002\r\n\r\n"));
  }

  private static void paths(List<BadInput> inputs) {
    for (String id : List.of("a%2fb", "a%2Fb", "a%00b", "%2e%2e", "a%5cb", "a%zzb", "a%c0%afb")) {
      inputs.add(
          inRequest(
              "`" + id + "` in an id", BAD_REQUEST, e -> get(e, "/v1/threads/" + id + "/events")));
    }
    inputs.add(inRequest("`..` in an id", NOT_FOUND, e -> get(e, "/v1/threads/../events")));
    inputs.add(
        inRequest(
            "CR LF in an id, escaped",
            BAD_REQUEST,
            e -> get(e, "/v1/route?thread=a%0d%0aX-Header:%20b")));
  }

  private static RawClient trickle(Scene scene) throws IOException {
    int before = scene.edge().bounds.deadlines().count();
    RawClient peer = RawClient.connect(scene.edge()).sendBytes((byte) 'G');
    await().until(() -> scene.edge().bounds.deadlines().count() > before);
    for (char c : "ET /v1".toCharArray()) {
      scene.edge().timer.advance(Duration.ofSeconds(1));
      try {
        peer.sendBytes((byte) c);
      } catch (SocketException cutOff) {
        return peer;
      }
    }
    return peer;
  }

  private static String good(TestEdge edge) {
    return RawClient.upgrade(edge, SUBPROTOCOL);
  }

  private static String route(TestEdge edge, String... headers) {
    return get(edge, "/v1/route?thread=t", headers);
  }

  private static String get(TestEdge edge, String pathAndQuery, String... headers) {
    return "GET "
        + pathAndQuery
        + " HTTP/1.1\r\nHost: "
        + edge.authority()
        + "\r\nAuthorization: Bearer "
        + edge.mint.all()
        + "\r\n"
        + String.join("", List.of(headers).stream().map(header -> header + "\r\n").toList())
        + "\r\n";
  }
}
