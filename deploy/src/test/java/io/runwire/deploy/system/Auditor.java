package io.runwire.deploy.system;

import static org.awaitility.Awaitility.await;

import io.runwire.audit.BundleLine;
import io.runwire.audit.Judgement;
import io.runwire.audit.NotaryKey;
import io.runwire.audit.Verification;
import io.runwire.config.SecretFile;
import io.runwire.deploy.audit.LedgerRuns;
import io.runwire.deploy.audit.LedgerRuns.Place;
import io.runwire.processor.audit.BundleExport;
import io.runwire.processor.audit.BundleExport.Exported;
import io.runwire.processor.audit.BundleExport.NotSignedException;
import io.runwire.processor.audit.BundleExport.Wanted;
import io.runwire.processor.audit.Notary;
import io.runwire.processor.audit.NotaryConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A notary that signs the log of a system, and whoever exports and verifies runs of it. */
final class Auditor implements AutoCloseable {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final NotaryKey KEY = NotaryKey.generate("example.org/audit");

  private final Runwired system;
  private final Notary notary;

  /**
   * @param folder for the key and the archive
   */
  Auditor(Runwired system, Path folder) throws Exception {
    this.system = system;
    Path keyFile = folder.resolve("key");
    SecretFile.create(keyFile, List.of(KEY.secret()));
    notary =
        Notary.start(
            NotaryConfig.of(
                Map.of(
                    "bootstrap.servers", system.bootstrapServers(),
                    "partitions", Integer.toString(Runwired.PARTITIONS),
                    "key.file", keyFile.toString(),
                    "archive.dir", folder.resolve("archive").toString(),
                    "checkpoint.records", "50",
                    "checkpoint.ms", "300",
                    "management.port", "0")));
  }

  /** Where a run stands, once it has ended. */
  Place ended(String run) {
    LedgerRuns ledger = new LedgerRuns(system.ledger());
    return await()
        .atMost(SOON)
        .ignoreExceptions()
        .until(
            () -> ledger.run(run),
            place -> place.filter(p -> !p.status().equals("RUNNING")).isPresent())
        .orElseThrow();
  }

  static Wanted wanted(Place place) {
    return new Wanted(
        place.thread(),
        Optional.of(place.run()),
        place.partition(),
        place.firstOffset(),
        place.lastOffset());
  }

  /** The bundle of a run. */
  List<BundleLine> export(Place place) {
    List<BundleLine> lines = new ArrayList<>();
    export(wanted(place), lines);
    return lines;
  }

  /** Waits for the notary where it must. */
  Exported export(Wanted wanted, List<BundleLine> lines) {
    return await()
        .atMost(SOON)
        .ignoreException(NotSignedException.class)
        .until(
            () -> {
              lines.clear();
              try (BundleExport export =
                  new BundleExport(Map.of("bootstrap.servers", system.bootstrapServers()))) {
                return export.export(wanted, lines::add);
              }
            },
            exported -> true);
  }

  static Judgement judge(List<BundleLine> lines) {
    Verification verification = new Verification(KEY.publicKey());
    lines.forEach(line -> verification.line(line.toJson()));
    return verification.judge();
  }

  @Override
  public void close() {
    notary.close();
  }
}
