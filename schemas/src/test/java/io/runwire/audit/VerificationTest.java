package io.runwire.audit;

import static io.runwire.audit.NotarisedLog.KEY;
import static org.assertj.core.api.Assertions.assertThat;

import io.runwire.audit.BundleLine.Entry;
import io.runwire.audit.BundleLine.Head;
import io.runwire.audit.BundleLine.Span;
import io.runwire.audit.Finding.Kind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sound bundles are proven; each way to tamper with one is found, and the record is named. */
class VerificationTest {
  private final NotarisedLog log = new NotarisedLog(10, 500);
  private List<BundleLine> bundle = new ArrayList<>();

  @BeforeEach
  void twoThreadsInOnePartition() {
    log.run("t1", "before", 7);
    for (int seq = 1; seq <= 30; seq++) {
      String type = seq == 1 ? "RUN_STARTED" : seq == 30 ? "RUN_FINISHED" : "CUSTOM";
      log.append("t1", "r", 1, seq, type);
      log.append("t2", "other", 1, seq, type);
    }
    log.run("t1", "after", 5);
    log.sign();
    bundle = new ArrayList<>(log.bundle("t1", "r"));
  }

  @Test
  void provesAWholeRun() {
    Judgement judgement = judge(bundle);
    assertThat(judgement.findings()).isEmpty();
    assertThat(judgement.ended()).contains(true);
    assertThat(judgement.sentence())
        .startsWith("Proven: run r of thread t1 is whole: 30 events in 1 attempt")
        .contains("ended by RUN_FINISHED")
        .contains("signed by example.org/runwire+" + KEY.publicKey().id());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 64, 1_000})
  void provesARunWhateverTheSpans(int every) {
    NotarisedLog other = new NotarisedLog(every, 0);
    other.run("t2", "x", 9);
    other.run("t1", "r", 40);
    other.run("t2", "y", 9);
    other.sign();
    assertThat(judge(other.bundle("t1", "r")).findings()).isEmpty();
  }

  @Test
  void repetitionsOfARouterThatCrashedDoNotDisturbTheProof() {
    NotarisedLog repeating = new NotarisedLog(6, 0);
    repeating.append("t1", "r", 1, 1, "RUN_STARTED");
    for (int seq = 2; seq < 20; seq++) {
      repeating.append("t1", "r", 1, seq, "CUSTOM");
      if (seq % 5 == 0) {
        repeating.repeat(3);
        repeating.repeat(3);
        repeating.repeat(3);
      }
    }
    repeating.append("t1", "r", 1, 20, "RUN_FINISHED");
    repeating.repeat(1);
    repeating.sign();
    Judgement judgement = judge(repeating.bundle("t1", "r"));
    assertThat(judgement.findings()).isEmpty();
    assertThat(judgement.sentence()).contains("20 events");
  }

  @Test
  void aHoleThatTheLogAlwaysHadIsSaidButIsNobodysTampering() {
    NotarisedLog holed = new NotarisedLog(100, 0);
    holed.append("t1", "r", 1, 1, "RUN_STARTED");
    holed.append("t1", "r", 1, 2, "CUSTOM");
    holed.append("t1", "r", 1, 4, "CUSTOM");
    holed.append("t1", "r", 2, 1, "RUN_STARTED");
    holed.append("t1", "r", 2, 2, "RUN_FINISHED");
    holed.sign();
    Judgement judgement = judge(holed.bundle("t1", "r"));
    assertThat(judgement.proven()).isTrue();
    assertThat(judgement.sentence()).contains("never in the log: [attempt 1, seq 3, before");
  }

  @Test
  void aRunThatHasNotEndedIsProvenSoFar() {
    NotarisedLog going = new NotarisedLog(100, 0);
    going.append("t1", "r", 1, 1, "RUN_STARTED");
    going.append("t1", "r", 1, 2, "CUSTOM");
    going.sign();
    Judgement judgement = judge(going.bundle("t1", "r"));
    assertThat(judgement.proven()).isTrue();
    assertThat(judgement.ended()).contains(false);
    assertThat(judgement.sentence()).startsWith("Proven so far: run r of thread t1 had not ended");
  }

  @Test
  void namesADroppedRecordEverywhere() {
    for (int i : entries()) {
      List<BundleLine> tampered = new ArrayList<>(bundle);
      tampered.remove((int) i);
      Judgement judgement = judge(honestEnd(tampered));
      assertThat(judgement.proven()).isFalse();
      assertThat(kinds(judgement)).containsOnly(Kind.MISSING);
    }
  }

  @Test
  void namesTheSeqOfADroppedEvent() {
    int third = entries().stream().filter(i -> seq(bundle.get(i)).equals("17")).findFirst().get();
    bundle.remove((int) third);
    assertThat(judge(honestEnd(bundle)).findings().toString()).contains("attempt 1, seq 17");
  }

  @Test
  void namesAnAlteredRecordWhateverTheBit() {
    for (int i : entries()) {
      Entry entry = (Entry) bundle.get(i);
      byte[] value = Objects.requireNonNull(entry.record().value()).clone();
      int bit = i % (value.length * 8);
      value[bit / 8] ^= (byte) (1 << bit % 8);
      Judgement judgement = judge(replaced(i, with(entry.record(), value)));
      assertThat(judgement.findings())
          .containsExactly(
              new Finding(
                  Kind.ALTERED,
                  "offset "
                      + entry.record().offset()
                      + " differs from what was notarised in its place"));
    }
  }

  @Test
  void namesARecordWhoseHeaderKeyOrStampWasChanged() {
    int i = entries().get(4);
    StoredRecord r = ((Entry) bundle.get(i)).record();
    Headers headers = new RecordHeaders(r.headers());
    headers.remove("traceparent").add("traceparent", new byte[] {'x'});
    List<StoredRecord> changed =
        List.of(
            new StoredRecord(
                r.partition(), r.offset(), r.timestampMs(), r.key(), r.value(), headers),
            new StoredRecord(
                r.partition(), r.offset(), r.timestampMs() + 1, r.key(), r.value(), r.headers()),
            new StoredRecord(
                r.partition(), r.offset(), r.timestampMs(), null, r.value(), r.headers()));
    for (StoredRecord record : changed) {
      Judgement judgement = judge(replaced(i, record));
      assertThat(kinds(judgement)).contains(Kind.ALTERED);
      assertThat(judgement.findings().toString()).contains("offset " + r.offset());
    }
  }

  @Test
  void namesAnAddedRecord() {
    int i = entries().get(6);
    Entry entry = (Entry) bundle.get(i);
    StoredRecord r = entry.record();
    Entry invented =
        new Entry(
            new StoredRecord(
                r.partition(), r.offset() + 1, r.timestampMs(), r.key(), r.value(), r.headers()),
            entry.proof());
    bundle.add(i + 1, invented);
    Judgement judgement = judge(honestEnd(bundle));
    assertThat(judgement.findings())
        .containsExactly(
            new Finding(Kind.ADDED, "offset " + (r.offset() + 1) + " is not in the log"));
  }

  @Test
  void namesARecordThatStandsTwice() {
    int i = entries().get(6);
    bundle.add(i, bundle.get(i));
    assertThat(kinds(judge(honestEnd(bundle)))).contains(Kind.ADDED);
  }

  @Test
  void namesRecordsThatChangedPlaces() {
    List<Integer> entries = neighbours();
    Collections.swap(bundle, entries.get(0), entries.get(1));
    assertThat(kinds(judge(bundle))).containsOnly(Kind.REORDERED);
  }

  @Test
  void namesRecordsWhoseProofsChangedPlaces() {
    List<Integer> at = neighbours();
    Entry one = (Entry) bundle.get(at.get(0));
    Entry two = (Entry) bundle.get(at.get(1));
    bundle.set(at.get(0), new Entry(two.record(), one.proof()));
    bundle.set(at.get(1), new Entry(one.record(), two.proof()));
    assertThat(kinds(judge(bundle))).contains(Kind.REORDERED);
  }

  @Test
  void aCutBundleHasNoEnd() {
    for (int length = 1; length < bundle.size(); length++) {
      assertThat(kinds(judge(bundle.subList(0, length)))).contains(Kind.CUT);
    }
  }

  @Test
  void aTruncatedTailIsMissedThoughTheEndWasForged() {
    int last = entries().get(entries().size() - 1);
    bundle.remove(last);
    Judgement judgement = judge(honestEnd(bundle));
    assertThat(kinds(judgement)).containsOnly(Kind.MISSING);
  }

  @Test
  void aSpanThatWasTakenOutWholeIsMissed() {
    List<Integer> spans = spans();
    int from = spans.get(1);
    bundle.subList(from, spans.get(2)).clear();
    Judgement judgement = judge(honestEnd(bundle));
    assertThat(kinds(judgement)).contains(Kind.MISSING);
  }

  @Test
  void theRunsBeginningIsMissedWhenItsFirstSpanIsTakenOut() {
    bundle.subList(spans().get(0), spans().get(1)).clear();
    assertThat(kinds(judge(honestEnd(bundle)))).contains(Kind.MISSING);
  }

  @Test
  void anAttemptIsMissedWhenTheSpansBeforeTheNextAreTakenOut() {
    NotarisedLog twice = new NotarisedLog(10, 0);
    twice.run("t1", "before", 10);
    attempt(twice, 1);
    attempt(twice, 2);
    bundle = new ArrayList<>(twice.bundle("t1", "r"));
    assertThat(judge(bundle).sentence()).contains("had not ended: 20 events in 2 attempts");

    bundle.subList(spans().get(0), spans().get(1)).clear();
    Judgement judgement = judge(honestEnd(bundle));
    assertThat(kinds(judgement)).containsExactly(Kind.MISSING);
    assertThat(judgement.sentence()).contains("the run begins with attempt 2");
  }

  @Test
  void nothingIsMissedBeforeAnAttemptWithWhichTheThreadBegins() {
    NotarisedLog second = new NotarisedLog(10, 0);
    attempt(second, 2);
    assertThat(judge(second.bundle("t1", "r")).proven()).isTrue();
  }

  /** Ten events: a span of the logs of these tests. */
  private static void attempt(NotarisedLog to, int attempt) {
    for (int seq = 1; seq <= 10; seq++) {
      to.append("t1", "r", attempt, seq, seq == 1 ? "RUN_STARTED" : "CUSTOM");
    }
  }

  @Test
  void aCheckpointThatAnotherKeySignedIsForged() {
    NotaryKey other = NotaryKey.generate(KEY.publicKey().name());
    int i = spans().get(1);
    Span span = (Span) bundle.get(i);
    Checkpoint checkpoint = SignedCheckpoint.parse(span.note()).get().checkpoint();
    bundle.set(i, new Span(other.sign(checkpoint), span.thread(), span.proof()));
    assertThat(kinds(judge(bundle))).contains(Kind.FORGED_CHECKPOINT);
  }

  @Test
  void aCheckpointWhoseTextWasChangedIsForged() {
    int i = spans().get(0);
    Span span = (Span) bundle.get(i);
    bundle.set(i, new Span(span.note().replace("2026-11", "2025-11"), span.thread(), span.proof()));
    assertThat(kinds(judge(bundle))).contains(Kind.FORGED_CHECKPOINT);
  }

  @Test
  void whatIsSaidOfTheThreadIsHeldAgainstTheCheckpoint() {
    int i = spans().get(0);
    Span span = (Span) bundle.get(i);
    ThreadSpan t = span.thread();
    ThreadSpan less =
        new ThreadSpan(
            t.thread(), t.countBefore(), t.headBefore(), t.count() - 1, t.head(), t.lastOffset());
    bundle.set(i, new Span(span.note(), less, span.proof()));
    assertThat(kinds(judge(bundle))).contains(Kind.FORGED_THREAD);
  }

  @Test
  void aBundleOfAnotherTopicOrPartitionIsForeign() {
    Head head = (Head) bundle.get(0);
    bundle.set(
        0,
        new Head(
            head.notary(),
            org.apache.kafka.common.Uuid.fromString("QUJDREVGR0hJSktMTU5PUA"),
            head.partition(),
            head.thread(),
            head.run()));
    assertThat(kinds(judge(bundle))).contains(Kind.FOREIGN_LOG);
    bundle.set(
        0,
        new Head(head.notary(), head.topicId(), head.partition() + 1, head.thread(), head.run()));
    assertThat(kinds(judge(bundle))).contains(Kind.FOREIGN_LOG);
  }

  @Test
  void anotherThreadsRecordsDoNotPassForThisOnes() {
    Head head = (Head) bundle.get(0);
    bundle.set(
        0, new Head(head.notary(), head.topicId(), head.partition(), "t2", Optional.of("other")));
    assertThat(kinds(judge(bundle))).contains(Kind.FORGED_THREAD);
  }

  @Test
  void aRecordThatWasAlteredInTheLogItselfIsNamedAlone() {
    List<StoredRecord> now = new ArrayList<>(log.records);
    int i =
        IntStream.range(0, now.size())
            .filter(n -> NotarisedLog.text(now.get(n).key()).equals("t1"))
            .skip(20)
            .findFirst()
            .getAsInt();
    now.set(i, with(now.get(i), "{\"type\":\"CUSTOM\"}".getBytes(StandardCharsets.UTF_8)));
    Judgement judgement = judge(log.bundle("t1", "r", now));
    assertThat(judgement.findings())
        .containsExactly(
            new Finding(
                Kind.ALTERED,
                "offset " + now.get(i).offset() + " differs from what was notarised in its place"));
  }

  @Test
  void whatIsNoBundleIsRefusedInWords() {
    for (String text : List.of("", "{}", "[]", "null", "{\"runwire\":\"bundle\",\"version\":2}")) {
      Verification verification = new Verification(KEY.publicKey());
      verification.line(text);
      assertThat(verification.judge().proven()).isFalse();
      assertThat(verification.judge().sentence()).startsWith("Not proven: ");
    }
  }

  private static Judgement judge(List<BundleLine> lines) {
    Verification verification = new Verification(KEY.publicKey());
    lines.forEach(line -> verification.line(line.toJson()));
    return verification.judge();
  }

  private List<BundleLine> replaced(int i, StoredRecord record) {
    List<BundleLine> lines = new ArrayList<>(bundle);
    lines.set(i, new Entry(record, ((Entry) bundle.get(i)).proof()));
    return lines;
  }

  /** What a forger would do, too: count anew. */
  private static List<BundleLine> honestEnd(List<BundleLine> lines) {
    List<BundleLine> counted = new ArrayList<>(lines);
    long entries = counted.stream().filter(Entry.class::isInstance).count();
    counted.set(counted.size() - 1, new BundleLine.End(entries));
    return counted;
  }

  private static StoredRecord with(StoredRecord r, byte[] value) {
    return new StoredRecord(
        r.partition(), r.offset(), r.timestampMs(), r.key(), value, r.headers());
  }

  /** Two records in a row of one span. */
  private List<Integer> neighbours() {
    return entries().stream()
        .filter(i -> bundle.get(i + 1) instanceof Entry)
        .findFirst()
        .map(i -> List.of(i, i + 1))
        .get();
  }

  private List<Integer> entries() {
    return lines(Entry.class);
  }

  private List<Integer> spans() {
    return lines(Span.class);
  }

  private List<Integer> lines(Class<? extends BundleLine> kind) {
    return IntStream.range(0, bundle.size())
        .filter(i -> kind.isInstance(bundle.get(i)))
        .boxed()
        .toList();
  }

  private static String seq(BundleLine line) {
    return NotarisedLog.text(((Entry) line).record().headers().lastHeader("seq").value());
  }

  private static List<Kind> kinds(Judgement judgement) {
    return judgement.findings().stream().map(Finding::kind).toList();
  }
}
