package io.runwire.producer.runner;

import io.runwire.producer.RunEnd;

/**
 * What users are told of something that was thrown.
 *
 * @param code for programs
 * @param message for people
 */
record Failure(String code, String message) {
  static Failure of(Throwable thrown) {
    if (thrown instanceof AgentException known) {
      return new Failure(known.code(), String.valueOf(known.getMessage()));
    }
    if (thrown instanceof TimeUp) {
      return new Failure(Outcome.TIMEOUT, String.valueOf(thrown.getMessage()));
    }
    RunEnd.Failed unknown = RunEnd.Failed.of(thrown);
    return new Failure(unknown.code(), unknown.message());
  }
}
