package io.runwire.loadtest.process;

import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * How Runwire's own programs are run: what only whoever composes the system can know.
 *
 * @param main class of the command line with {@code topics}, {@code processor}, {@code edge} and
 *     {@code notary}
 * @param access settings by which an edge verifies {@link #token}
 * @param token a new one for a user by its name: for all threads, valid for as long as a proof may
 *     take
 * @param haproxy the configuration of HAProxy that operators are given, as text
 */
public record Launch(
    Class<?> main, Map<String, String> access, UnaryOperator<String> token, String haproxy) {
  public Launch {
    access = Map.copyOf(access);
  }

  /** The command line of one of them. */
  public List<String> command(String heap, List<String> options, String... arguments) {
    return Program.java(heap, options, main.getName(), List.of(arguments));
  }
}
