package io.runwire.processor.ledger;

import io.runwire.processor.ledger.Ledger.Runs;
import io.runwire.processor.ledger.Ledger.ThreadRuns;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.streams.state.HostInfo;

/**
 * The other processors, asked for partitions that are theirs. Thread-safe. A stage fails if the
 * peer does not answer, or has not all of these partitions.
 */
public interface Peers {
  CompletableFuture<Optional<LedgerRow>> run(HostInfo peer, Set<Integer> partitions, String run);

  CompletableFuture<Runs> runs(HostInfo peer, Set<Integer> partitions, RunFilter wanted);

  CompletableFuture<ThreadRuns> runsOf(
      HostInfo peer, Set<Integer> partitions, String thread, RunFilter wanted);
}
