package io.runwire.edge.hostile;

import static io.runwire.edge.hostile.BadInput.inText;
import static io.runwire.edge.hostile.BadInput.onSocket;
import static org.assertj.core.api.Assertions.assertThat;

import io.runwire.cursor.Cursor;
import io.runwire.cursor.LogIdentity;
import io.runwire.edge.RawClient;
import io.runwire.edge.TestEdge;
import io.runwire.edge.access.TokenMint;
import io.runwire.edge.hostile.Answer.Serves;
import io.runwire.frame.CloseCode;
import io.runwire.frame.ErrorCode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.kafka.common.Uuid;

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
    acks(inputs);
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
                List.of("\"ALREADY_SUBSCRIBED\"")),
            p -> {
              p.sendText(thread("t"));
              assertThat(p.frame().text()).contains("\"subscribed\"");
              assertThat(p.frame().text()).contains("\"live\"");
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

  private static void acks(List<BadInput> inputs) {
    bad(inputs, "ack with a cursor that is none", ack("nonsense"));
    inputs.add(
        inText(
            "ack with another thread's cursor", BAD_REQUEST, e -> ack(CursorInputs.start(e, "u"))));
    inputs.add(
        inText(
            "ack of a thread that is not followed",
            Answer.error(ErrorCode.NOT_SUBSCRIBED),
            e -> ack(CursorInputs.start(e, "t"))));
    inputs.add(
        behindTwoEvents(
            "ack of something never sent",
            BAD_REQUEST,
            (peer, first, second) -> peer.sendText(ack(neverSent(second)))));
    inputs.add(
        behindTwoEvents(
            "ack with another cluster's cursor",
            BAD_REQUEST,
            (peer, first, second) -> peer.sendText(ack(ofAnotherLog(second)))));
    inputs.add(
        behindTwoEvents(
            "ten acks of something never sent",
            Answer.close(CloseCode.BAD_REQUESTS),
            (peer, first, second) -> {
              for (int i = 0; i < 10; i++) {
                peer.sendText(ack(neverSent(second)));
              }
            }));
    inputs.add(
        behindTwoEvents(
            "ack twice, then going back",
            new Serves("no news, and no fault: acks are cumulative", List.of()),
            (peer, first, second) -> {
              peer.sendText(ack(second.encode()));
              peer.sendText(ack(second.encode()));
              peer.sendText(ack(first.encode()));
            }));
    inputs.add(
        behindTwoEvents(
            "a flood of acks",
            Answer.close(CloseCode.RATE_EXCEEDED),
            (peer, first, second) -> {
              for (int i = 0; i < 1_000; i++) {
                peer.sendText(ack(second.encode()));
              }
            }));
  }

  /** What a client sends that has had two events. */
  private interface Acks {
    void on(RawClient peer, Cursor first, Cursor second) throws IOException;
  }

  private static BadInput behindTwoEvents(String name, Answer answer, Acks acks) {
    return new BadInput(
        name,
        answer,
        scene -> {
          scene.edge().log.run("t", "r").start().text(1);
          RawClient peer = RawClient.opened(scene.edge(), scene.edge().mint.all());
          peer.sendText(SUBSCRIBE + ",\"from\":\"earliest\",\"ack\":true}");
          List<String> told = new ArrayList<>();
          for (String op : List.of("subscribed", "event", "event", "live")) {
            String frame = peer.frame().text();
            assertThat(frame).startsWith("{\"op\":\"" + op + "\"");
            told.add(frame.replaceAll(".*\"cursor\":\"([^\"]+)\".*", "$1"));
          }
          return BadInput.sent(p -> acks.on(p, cursor(told.get(1)), cursor(told.get(2))), peer);
        });
  }

  private static Cursor cursor(String text) {
    return Cursor.decode(text).orElseThrow();
  }

  private static String neverSent(Cursor last) {
    return new Cursor(
            last.log(),
            last.partition(),
            last.offset() + 1_000,
            last.leaderEpoch(),
            last.sourceOffset(),
            last.threadHash())
        .encode();
  }

  private static String ofAnotherLog(Cursor last) {
    return new Cursor(
            new LogIdentity(Uuid.randomUuid(), Uuid.randomUuid(), last.log().partitions()),
            last.partition(),
            last.offset(),
            last.leaderEpoch(),
            last.sourceOffset(),
            last.threadHash())
        .encode();
  }

  private static String ack(String cursor) {
    return "{\"op\":\"ack\",\"thread\":\"t\",\"cursor\":\"" + cursor + "\"}";
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
            "a token that lets its bearer subscribe to nothing",
            Answer.close(CloseCode.FORBIDDEN),
            scene -> {
              String ledger =
                  scene.edge().mint.token("u1", TokenMint.TTL, List.of("history", "ledger"), "*");
              return RawClient.unauthenticated(scene.edge()).sendText(auth(ledger));
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
