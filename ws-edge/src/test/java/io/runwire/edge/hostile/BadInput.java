package io.runwire.edge.hostile;

import io.runwire.edge.RawClient;
import io.runwire.edge.TestEdge;
import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;

/**
 * Something that no honest client sends, and the one right answer to it.
 *
 * @param name as RELIABILITY would list it, and as the published page does
 */
record BadInput(String name, Answer answer, Attack attack) {
  /** Sends the input; the answer is on its way on the connection that it returns. */
  interface Attack {
    RawClient on(Scene scene) throws Exception;
  }

  /** What is sent on a connection that stands. */
  interface Bytes {
    void to(RawClient peer) throws Exception;
  }

  /** What is sent when the edge is known, e.g. because its log is asked for a cursor. */
  interface Text {
    String on(TestEdge edge) throws Exception;
  }

  /** On a WebSocket that has been authenticated. */
  static BadInput onSocket(String name, Answer answer, Bytes bytes) {
    return new BadInput(name, answer, scene -> sent(bytes, authenticated(scene)));
  }

  /** On such a WebSocket, and then nothing for as long as the heartbeat allows. */
  static BadInput thenSilence(String name, Answer answer, Bytes bytes) {
    return new BadInput(
        name,
        answer,
        scene -> {
          RawClient peer = sent(bytes, authenticated(scene));
          scene.letTheSilentBeClosed();
          return peer;
        });
  }

  /** As one text frame on such a WebSocket. */
  static BadInput inText(String name, Answer answer, Text text) {
    return new BadInput(
        name,
        answer,
        scene -> sent(peer -> peer.sendText(text.on(scene.edge())), authenticated(scene)));
  }

  /** As a request, head and all. */
  static BadInput inRequest(String name, Answer answer, Text request) {
    return new BadInput(
        name,
        answer,
        scene ->
            sent(
                peer ->
                    peer.sendBytes(request.on(scene.edge()).getBytes(StandardCharsets.ISO_8859_1)),
                RawClient.connect(scene.edge())));
  }

  private static RawClient authenticated(Scene scene) throws IOException {
    return RawClient.opened(scene.edge(), scene.edge().mint.all());
  }

  static RawClient sent(Bytes bytes, RawClient peer) throws Exception {
    try {
      bytes.to(peer);
    } catch (SocketException heardEnough) {
      // The edge does not read the rest; what it said before can still be read.
    }
    return peer;
  }

  @Override
  public String toString() {
    return name;
  }
}
