package io.runwire.edge.conformance;

import io.runwire.edge.RawClient;

/**
 * One conversation, and how it must go.
 *
 * @param id section, group, and place in the group
 * @param on who is talked to
 * @param rule what decides what is right
 */
record Case(String id, String what, On on, Rule rule, Conversation conversation) {
  /** Fails where the peer does not what it must. */
  interface Conversation {
    void with(RawClient client) throws Exception;
  }

  /** The edge itself where that shows what is asked; an echo where bytes must come back. */
  enum On {
    EDGE,
    ECHO
  }

  /** What decides. Where our contract is narrower than the RFC, it is the contract. */
  enum Rule {
    RFC("RFC 6455"),
    TEXT_ONLY("`runwire.v1` has text messages only: a binary one is closed with 1003 (§7.4.1)"),
    SIZE("a client's message has at most 64 KiB: a longer one is closed with 1009 (§7.4.1)");

    final String words;

    Rule(String words) {
      this.words = words;
    }
  }

  @Override
  public String toString() {
    return id + " " + what;
  }
}
