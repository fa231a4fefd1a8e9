package io.runwire.producer.runner;

/** An agent's code: one attempt of a run. */
@FunctionalInterface
public interface Agent {
  /**
   * Does the work. Returning ends the run well, throwing ends the attempt with an error. It runs on
   * a thread of its own, which is interrupted when the attempt is over for another reason: its time
   * is up, or it was cancelled.
   *
   * @throws AgentException to fail with a code of its own
   * @throws InvalidInputException where trying again is of no use
   */
  void run(AgentContext context) throws Exception;
}
