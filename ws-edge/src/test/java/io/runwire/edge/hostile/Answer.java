package io.runwire.edge.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.runwire.edge.RawClient;
import io.runwire.edge.RawClient.Frame;
import io.runwire.frame.CloseCode;
import io.runwire.frame.ErrorCode;
import io.runwire.frame.GapReason;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** What an edge answers to a bad input: in words, as a check, and as the figure that counts it. */
sealed interface Answer {
  String words();

  /** Takes the answer from the connection, and fails if it is another. */
  void takeFrom(RawClient peer) throws IOException;

  /** The sample of the metrics that goes up by one; empty where nothing was refused. */
  Optional<String> countedBy();

  static Answer close(CloseCode code) {
    return new Closes(code);
  }

  static Answer error(ErrorCode code) {
    return new Errors(code);
  }

  static Answer gap(GapReason reason) {
    return new Gaps(reason);
  }

  static Answer status(int status, ErrorCode code) {
    return new Refuses(status, code);
  }

  /** The WebSocket is closed with the code. */
  record Closes(CloseCode code) implements Answer {
    @Override
    public String words() {
      return "close " + code.code() + " *" + code.reason() + "*";
    }

    @Override
    public void takeFrom(RawClient peer) throws IOException {
      assertThat(peer.closeCode()).isEqualTo(code.code());
    }

    @Override
    public Optional<String> countedBy() {
      return Optional.of("runwire_edge_closes_total{code=\"" + code + "\"}");
    }
  }

  /** The peer's own close is answered, and nothing after it. */
  record Ends(int code) implements Answer {
    @Override
    public String words() {
      return "the peer's close is answered with " + code + ", and nothing behind it";
    }

    @Override
    public void takeFrom(RawClient peer) throws IOException {
      assertThat(peer.frame().closeCode()).isEqualTo(code);
      assertThat(peer.cutOff()).isTrue();
    }

    @Override
    public Optional<String> countedBy() {
      return Optional.empty();
    }
  }

  /** One error frame; the WebSocket goes on. */
  record Errors(ErrorCode code) implements Answer {
    @Override
    public String words() {
      return "`error` " + code;
    }

    @Override
    public void takeFrom(RawClient peer) throws IOException {
      assertThat(peer.frame().text())
          .startsWith("{\"op\":\"error\",")
          .contains("\"code\":\"" + code + "\"")
          .matches("[\\x20-\\x7e…]+")
          .doesNotContain("Exception");
      if (code == ErrorCode.UNAUTHENTICATED) {
        staysOpen(peer);
      } else {
        goesOn(peer);
      }
    }

    @Override
    public Optional<String> countedBy() {
      return Optional.of("runwire_edge_errors_total{code=\"" + code + "\"}");
    }
  }

  /** The subscription is made, and tells that something is missing. */
  record Gaps(GapReason reason) implements Answer {
    @Override
    public String words() {
      return "`subscribed` with `recovered:false`, `gap` " + reason;
    }

    @Override
    public void takeFrom(RawClient peer) throws IOException {
      assertThat(peer.frame().text()).contains("\"subscribed\"").contains("\"recovered\":false");
      assertThat(peer.frame().text()).contains("\"gap\"").contains("\"reason\":\"" + reason + "\"");
    }

    @Override
    public Optional<String> countedBy() {
      return Optional.of("runwire_edge_gaps_total{reason=\"" + reason + "\"}");
    }
  }

  /** The stream begins, and tells that something is missing. */
  record GapsInStream(GapReason reason) implements Answer {
    @Override
    public String words() {
      return "200, `event: gap` " + reason;
    }

    @Override
    public void takeFrom(RawClient peer) throws IOException {
      assertThat(peer.head()).startsWith("HTTP/1.1 200 ");
      String line = peer.line();
      while (!line.startsWith("event:")) {
        line = peer.line();
      }
      assertThat(line).isEqualTo("event: gap");
      assertThat(peer.line()).startsWith("id: ");
      assertThat(peer.line()).startsWith("data: ").contains("\"reason\":\"" + reason + "\"");
    }

    @Override
    public Optional<String> countedBy() {
      return new Gaps(reason).countedBy();
    }
  }

  /** Nothing to object to: the frames that are answered, each by what it must contain. */
  record Serves(String words, List<String> frames) implements Answer {
    @Override
    public void takeFrom(RawClient peer) throws IOException {
      for (String frame : frames) {
        assertThat(peer.frame().text()).contains(frame);
      }
      goesOn(peer);
    }

    @Override
    public Optional<String> countedBy() {
      return Optional.empty();
    }
  }

  /** A problem document over HTTP. */
  record Refuses(int status, ErrorCode code) implements Answer {
    @Override
    public String words() {
      return status + " " + code;
    }

    @Override
    public void takeFrom(RawClient peer) throws IOException {
      String head = peer.head();
      assertThat(head)
          .startsWith("HTTP/1.1 " + status + " ")
          .containsIgnoringCase("\r\nContent-Type: application/problem+json\r\n");
      assertThat(peer.body(head))
          .contains("\"code\":\"" + code + "\"")
          .doesNotContain("Exception")
          .doesNotContain("\tat ");
    }

    @Override
    public Optional<String> countedBy() {
      return Optional.of("runwire_edge_http_responses_total{status=\"" + status + "\"}");
    }
  }

  /** No answer at all: the connection is cut off, before anything was understood. */
  record CutsOff(String why, String figure) implements Answer {
    @Override
    public String words() {
      return "cut off " + why;
    }

    @Override
    public void takeFrom(RawClient peer) throws IOException {
      assertThat(peer.anything()).isEmpty();
    }

    @Override
    public Optional<String> countedBy() {
      return Optional.of(figure);
    }
  }

  /** The request is served, as if it had not been odd. */
  record Accepts(int status, String words) implements Answer {
    @Override
    public void takeFrom(RawClient peer) throws IOException {
      assertThat(peer.head()).startsWith("HTTP/1.1 " + status + " ");
    }

    @Override
    public Optional<String> countedBy() {
      return Optional.empty();
    }
  }

  /** Before auth, a ping of the protocol is all that is answered. */
  private static void staysOpen(RawClient peer) throws IOException {
    Frame frame = peer.send(RawClient.FIN | RawClient.PING, (byte) '?').frame();
    assertThat(frame.opcode()).as(frame::text).isEqualTo(RawClient.PONG);
  }

  /**
   * A question is answered, and there is nothing before its answer. It is a frame of ours, since
   * the pong of the protocol may overtake what waits for a write.
   */
  private static void goesOn(RawClient peer) throws IOException {
    assertThat(peer.sendText("{\"op\":\"ping\"}").frame().text()).isEqualTo("{\"op\":\"pong\"}");
  }
}
