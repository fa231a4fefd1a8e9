package io.runwire.audit;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a bundle proves.
 *
 * @param findings what is wrong with it, in its order; empty where nothing is
 * @param records of the thread in it
 * @param provenUntil the time of its last checkpoint
 * @param ended whether the run it is about has ended; empty for a whole thread
 * @param sentence all of this for a person
 */
public record Judgement(
    List<Finding> findings,
    long records,
    Optional<Instant> provenUntil,
    Optional<Boolean> ended,
    String sentence) {
  public Judgement {
    findings = List.copyOf(findings);
  }

  /** Whether all that is in the bundle is as the notary saw it, and nothing is missing. */
  public boolean proven() {
    return findings.isEmpty();
  }
}
