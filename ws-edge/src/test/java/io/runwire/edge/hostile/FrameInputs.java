package io.runwire.edge.hostile;

import static io.runwire.edge.hostile.BadInput.inText;
import static io.runwire.edge.hostile.BadInput.onSocket;

import io.runwire.edge.RawClient;
import io.runwire.edge.TestEdge;
import io.runwire.edge.access.TokenMint;
import io.runwire.edge.hostile.Answer.Serves;
import io.runwire.frame.CloseCode;
import io.runwire.frame.ErrorCode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Frames of {@code runwire.v1} that are none, or ask for what there is not. */
final class FrameInputs {
  private static final Answer BAD_REQUEST = Answer.error(ErrorCode.BAD_REQUEST);
  private static final Answer UNAUTHENTICATED = Answer.error(ErrorCode.UNAUTHENTICATED);
  private static final String SUBSCRIBE = "{\"op\":\"subscribe\",\"id\":3,\"thread\":\"t\"";

  private FrameInputs() {}

  static List<BadInput> all() {
    List<BadInput> inputs = new ArrayList<>();
    json(inputs);
    fields(inputs);
    ids(inputs);
    requests(inputs);
    beforeAuth(inputs);
    return inputs;
  }

  private static void json(List<BadInput> inputs) {
    bad(inputs, "not JSON", "hello");
    bad(inputs, "an empty message", "");
    bad(inputs, "JSON, but no object", "[{\"op\":\"ping\"}]");
    bad(inputs, "`null`", "null");
    bad(inputs, "two objects in a message", "{\"op\":\"ping\"}{\"op\":\"ping\"}");
    bad(inputs, "arrays 10,000 deep", "[".repeat(10_000));
    bad(inputs, "objects 10,000 deep", "{\"a\":".repeat(10_000));
    bad(inputs, "a key that stands twice", "{\"op\":\"ping\",\"op\":\"ping\"}");
    bad(inputs, "1e400", "{\"op\":\"subscribe\",\"id\":1e400,\"thread\":\"t\"}");
    bad(inputs, "a number of 10,000 digits", "{\"op\":\"ping\",\"id\":" + "9".repeat(10_000) + "}");
    bad(inputs, "half a surrogate pair, escaped", "{\"op\":\"\\ud800\"}");
  }

  private static void fields(List<BadInput> inputs) {
    bad(inputs, "no op", "{}");
    bad(inputs, "an unknown op", "{\"op\":\"destroy\"}");
    bad(inputs, "an op of the server's", "{\"op\":\"welcome\"}");
    bad(inputs, "an op that is no string", "{\"op\":7}");
    bad(inputs, "an unknown field", "{\"op\":\"ping\",\"more\":1}");
    bad(inputs, "a field of another op", "{\"op\":\"ping\",\"thread\":\"t\"}");
    bad(inputs, "no id", "{\"op\":\"subscribe\",\"thread\":\"t\"}");
    bad(inputs, "an id that is a string", "{\"op\":\"subscribe\",\"id\":\"1\",\"thread\":\"t\"}");
    bad(inputs, "an id of 1.5", "{\"op\":\"subscribe\",\"id\":1.5,\"thread\":\"t\"}");
    bad(inputs, "an id of −1", "{\"op\":\"subscribe\",\"id\":-1,\"thread\":\"t\"}");
    bad(
        inputs,
        "an id of 2^63",
        "{\"op\":\"subscribe\",\"id\":9223372036854775808,\"thread\":\"t\"}");
    bad(inputs, "a subscription to nothing", "{\"op\":\"subscribe\",\"id\":3}");
    bad(inputs, "a thread that is null", "{\"op\":\"subscribe\",\"id\":3,\"thread\":null}");
    bad(inputs, "a thread that is an array", "{\"op\":\"subscribe\",\"id\":3,\"thread\":[\"t\"]}");
    bad(inputs, "an unknown start", SUBSCRIBE + ",\"from\":\"now\"}");
    bad(inputs, "`ack` that is a string", SUBSCRIBE + ",\"ack\":\"true\"}");
    bad(inputs, "runs that are an array", SUBSCRIBE + ",\"runs\":[]}");
    bad(inputs, "a run without its seq", SUBSCRIBE + ",\"runs\":{\"r\":[1]}}");
    bad(inputs, "a run at attempt 0", SUBSCRIBE + ",\"runs\":{\"r\":[0,1]}}");
    bad(inputs, "a run at seq 0", SUBSCRIBE + ",\"runs\":{\"r\":[1,0]}}");
    bad(inputs, "1,000 runs", SUBSCRIBE + ",\"runs\":{" + thousandRuns() + "}}");
    bad(inputs, "no token to authenticate with", "{\"op\":\"auth\"}");
    bad(inputs, "a token that is a number", "{\"op\":\"auth\",\"token\":7}");
    inputs.add(
        onSocket(
            "a token of 16 kB and more",
            BAD_REQUEST,
            p -> p.sendText("{\"op\":\"auth\",\"token\":\"" + "x".repeat(20_000) + "\"}")));
  }

  private static void ids(List<BadInput> inputs) {
    bad(inputs, "an empty thread", thread(""));
    bad(inputs, "a space in a thread", thread("a b"));
    bad(inputs, "a slash in a thread", thread("a/b"));
    bad(inputs, "NUL in a thread", thread("a\\u0000"));
    bad(inputs, "CR LF in a thread", thread("a\\r\\nb"));
    bad(inputs, "a bidi control in a thread", thread("a\\u202eb"));
    bad(inputs, "a bidi control in a thread, not escaped", thread("a\u202eb"));
    bad(inputs, "a letter beyond ASCII in a thread", thread("grösse"));
    bad(inputs, "a thread of 201 chars", thread("x".repeat(201)));
    bad(inputs, "a bidi control in a run", SUBSCRIBE + ",\"run\":\"a\\u2066\"}");
    bad(inputs, "a bidi control in an op", "{\"op\":\"\u202e\\u0000\\r\\n\"}");
    bad(inputs, "CR LF in the name of a field", "{\"op\":\"ping\",\"a\\r\\nb\u202e\":1}");
  }

  private static void requests(List<BadInput> inputs) {
    inputs.add(
        onSocket(
            "subscribe twice",
            new Serves(
                "the first goes on, the second is told `error` ALREADY_SUBSCRIBED",
                List.of("\"subscribed\"", "\"live\"", "\"ALREADY_SUBSCRIBED\"")),
            p -> {
              p.sendText(thread("t"));
              p.sendText(thread("t"));
            }));
    inputs.add(
        onSocket(
            "unsubscribe what is not followed",
            Answer.error(ErrorCode.NOT_SUBSCRIBED),
            p -> p.sendText("{\"op\":\"unsubscribe\",\"id\":1,\"thread\":\"t\"}")));
    inputs.add(
        new BadInput(
            "subscribe to a foreign thread",
            Answer.error(ErrorCode.FORBIDDEN),
            scene -> {
              String token =
                  scene.edge().mint.token("u1", TokenMint.TTL, List.of("subscribe"), "mine");
              return RawClient.opened(scene.edge(), token).sendText(thread("theirs"));
            }));
    inputs.add(
        onSocket(
            "ack of a thread that is not followed",
            BAD_REQUEST,
            p -> p.sendText("{\"op\":\"ack\",\"thread\":\"t\",\"cursor\":\"never sent\"}")));
    inputs.add(
        inText(
            "ack with another thread's cursor",
            BAD_REQUEST,
            e ->
                "{\"op\":\"ack\",\"thread\":\"t\",\"cursor\":\""
                    + CursorInputs.start(e, "u")
                    + "\"}"));
    inputs.add(
        onSocket(
            "a flood of acks",
            Answer.close(CloseCode.RATE_EXCEEDED),
            p -> {
              String subscribed = p.sendText(thread("t")).frame().text();
              String cursor = subscribed.replaceAll(".*\"cursor\":\"([^\"]+)\".*", "$1");
              for (int i = 0; i < 1_000; i++) {
                p.sendText("{\"op\":\"ack\",\"thread\":\"t\",\"cursor\":\"" + cursor + "\"}");
              }
            }));
    inputs.add(
        onSocket(
            "subscribe to 10,000 threads",
            Answer.close(CloseCode.RATE_EXCEEDED),
            p -> {
              for (int i = 0; i < 10_000; i++) {
                p.sendText(thread("t" + i));
              }
            }));
    inputs.add(
        onSocket(
            "ten bad requests",
            Answer.close(CloseCode.BAD_REQUESTS),
            p -> {
              for (int i = 0; i < 10; i++) {
                p.sendText("nonsense");
              }
            }));
  }

  private static void beforeAuth(List<BadInput> inputs) {
    for (String frame :
        List.of(
            thread("t"),
            "{\"op\":\"unsubscribe\",\"id\":1,\"thread\":\"t\"}",
            "{\"op\":\"ack\",\"thread\":\"t\",\"cursor\":\"x\"}",
            "{\"op\":\"ping\"}")) {
      String op = frame.replaceAll("^.\"op\":\"(\\w+)\".*", "$1");
      inputs.add(
          new BadInput(
              op + " before auth",
              UNAUTHENTICATED,
              scene -> RawClient.unauthenticated(scene.edge()).sendText(frame)));
    }
    inputs.add(
        new BadInput(
            "ten requests before auth",
            Answer.close(CloseCode.BAD_REQUESTS),
            scene -> {
              RawClient peer = RawClient.unauthenticated(scene.edge());
              for (String frame : Collections.nCopies(10, "{\"op\":\"ping\"}")) {
                peer.sendText(frame);
              }
              return peer;
            }));
    inputs.add(
        new BadInput(
            "a token that is none",
            Answer.close(CloseCode.TOKEN_INVALID),
            scene -> RawClient.unauthenticated(scene.edge()).sendText(auth("nonsense"))));
    inputs.add(
        new BadInput(
            "a token that has expired",
            Answer.close(CloseCode.TOKEN_EXPIRED),
            scene -> {
              String expired =
                  scene.edge().mint.token("u1", TokenMint.TTL.negated(), List.of("subscribe"), "t");
              return RawClient.unauthenticated(scene.edge()).sendText(auth(expired));
            }));
    inputs.add(
        new BadInput(
            "no auth in time",
            Answer.close(CloseCode.NO_AUTH),
            scene -> {
              RawClient peer = RawClient.unauthenticated(scene.edge());
              peer.sendText("{\"op\":\"ping\"}").frame(); // now its deadline runs
              scene.edge().timer.advance(TestEdge.AUTH_DEADLINE);
              return peer;
            }));
  }

  private static void bad(List<BadInput> inputs, String name, String text) {
    inputs.add(onSocket(name, BAD_REQUEST, p -> p.sendText(text)));
  }

  private static String auth(String token) {
    return "{\"op\":\"auth\",\"token\":\"" + token + "\"}";
  }

  private static String thread(String id) {
    return "{\"op\":\"subscribe\",\"id\":3,\"thread\":\"" + id + "\"}";
  }

  private static String thousandRuns() {
    StringBuilder runs = new StringBuilder("\"r\":[1,1]");
    for (int i = 1; i < 1_000; i++) {
      runs.append(",\"r").append(i).append("\":[1,1]");
    }
    return runs.toString();
  }
}
