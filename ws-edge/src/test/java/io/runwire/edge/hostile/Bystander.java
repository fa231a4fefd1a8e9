package io.runwire.edge.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.runwire.edge.SocketClient;
import io.runwire.edge.TestEdge;
import io.runwire.edge.access.TokenMint;
import io.runwire.edge.hub.AgentScript;
import java.util.List;

/** An honest reader beside a hostile one. It has its events, each once, whatever the other does. */
final class Bystander implements AutoCloseable {
  private static final String THREAD = "bystander";

  private final SocketClient client;
  private final AgentScript agent;
  private int seq;

  private Bystander(SocketClient client, AgentScript agent) {
    this.client = client;
    this.agent = agent;
  }

  static Bystander on(TestEdge edge) throws Exception {
    String token = edge.mint.token("bystander", TokenMint.TTL, List.of("subscribe"), THREAD);
    SocketClient client = SocketClient.authenticated(edge, token);
    client.subscribe(1, THREAD, "").expect("subscribed");
    client.expect("live");
    return new Bystander(client, edge.log.run(THREAD, "run-of-the-bystander"));
  }

  /** An agent writes; the next frames are the event, and the answer to a question behind it. */
  void isServed() throws Exception {
    agent.text(1);
    assertThat(client.expect("event").path("seq").asInt()).isEqualTo(++seq);
    client.exchangePing();
  }

  @Override
  public void close() {
    client.close();
  }
}
