package io.runwire.edge.hub;

import io.runwire.event.EventType;

/** An agent at work on a run, as a test tells it. */
public final class AgentScript {
  private final FakeLog log;
  private final String thread;
  private final String run;
  private int attempt = 1;
  private long seq;

  AgentScript(FakeLog log, String thread, String run) {
    this.log = log;
    this.thread = thread;
    this.run = run;
  }

  public AgentScript start() {
    return write(
        EventType.RUN_STARTED, false, "{\"type\":\"RUN_STARTED\",\"runId\":\"" + run + "\"}");
  }

  /** Writes pieces of text. */
  public AgentScript text(int pieces) {
    for (int i = 0; i < pieces; i++) {
      content("piece " + (seq + 1));
    }
    return this;
  }

  /** Writes one piece of text; it must need no escaping. */
  public AgentScript content(String delta) {
    return write(
        EventType.TEXT_MESSAGE_CONTENT,
        false,
        "{\"type\":\"TEXT_MESSAGE_CONTENT\",\"messageId\":\"m\",\"delta\":\"" + delta + "\"}");
  }

  public AgentScript finish() {
    return write(
        EventType.RUN_FINISHED, true, "{\"type\":\"RUN_FINISHED\",\"runId\":\"" + run + "\"}");
  }

  /** The attempt fails and another one begins. */
  public AgentScript retry() {
    write(EventType.RUN_ERROR, false, "{\"type\":\"RUN_ERROR\",\"message\":\"again\"}");
    attempt++;
    seq = 0;
    return start();
  }

  private AgentScript write(EventType type, boolean ends, String value) {
    seq++;
    log.submit(thread, run, attempt, seq, type, ends, value);
    return this;
  }
}
