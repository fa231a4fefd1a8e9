package io.runwire.loadtest.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.runwire.event.Origin;
import io.runwire.fold.Verdict;
import io.runwire.loadtest.journal.Sent.Result;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalsTest {
  private final Path directory;

  JournalsTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @Test
  void readsWhatProducersWrote() {
    List<Sent> written =
        List.of(sent(1, Result.UNKNOWN), sent(1, Result.ACKED), sent(2, Result.FAILED));
    Path file = directory.resolve("sent-1.tsv");
    try (JournalWriter<Sent> journal = JournalWriter.sent(file)) {
      written.forEach(journal::write);
    }
    assertThat(Journals.sent(file)).containsExactlyElementsOf(written);
  }

  @Test
  void readsWhatTheLogHeld() {
    List<Logged> written =
        List.of(
            new Logged(5, 0, 7, 7, "t", "r", 1, 1, false, -1, Origin.AGENT, Verdict.PASS),
            new Logged(
                6, 63, 1L << 40, -1, "t", "r", 2, 1, true, 0, Origin.WATCHDOG, Verdict.HOLE));
    Path file = directory.resolve("logged.tsv");
    try (JournalWriter<Logged> journal = JournalWriter.logged(file)) {
      written.forEach(journal::write);
    }
    assertThat(Journals.logged(file)).containsExactlyElementsOf(written);
  }

  @Test
  void readsEveryKindOfLineThatClientsWrote() {
    List<Seen> written =
        List.of(
            new Seen.Up(1, "c", "127.0.0.1:8080"),
            new Seen.Subscribed(2, "c", "t", Optional.empty(), "earliest"),
            new Seen.Subscribed(2, "c", "t2", Optional.of("r"), "latest"),
            new Seen.Event(3, "c", "t", "r", 1, 12, true, 0x0123456789abcdefL, "AQID"),
            new Seen.Gap(4, "c", "t", "EXPIRED"),
            new Seen.Live(5, "c", "t", "AQID"),
            new Seen.Down(6, "c", 1006));
    Path file = directory.resolve("seen-1.tsv");
    try (JournalWriter<Seen> journal = JournalWriter.seen(file)) {
      written.forEach(journal::write);
    }
    assertThat(Journals.seen(file)).containsExactlyElementsOf(written);
  }

  @Test
  void hasTheColumnsThatOtherLanguagesWrite() throws IOException {
    Path file = directory.resolve("seen-js.tsv");
    Files.writeString(file, "event\t3\tc\tt\tr\t1\t12\t0\t2cf24dba5fb0a30e\tAQID\n");
    assertThat(Journals.seen(file))
        .containsExactly(
            new Seen.Event(
                3, "c", "t", "r", 1, 12, false, Hashes.of("hello".getBytes(UTF_8)), "AQID"));
  }

  @Test
  void ignoresALastLineThatWasTorn() throws IOException {
    Path file = directory.resolve("sent-1.tsv");
    try (JournalWriter<Sent> journal = JournalWriter.sent(file)) {
      journal.write(sent(1, Result.ACKED));
      journal.write(sent(2, Result.ACKED));
    }
    byte[] whole = Files.readAllBytes(file);
    for (int length = whole.length / 2; length < whole.length; length++) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertThat(Journals.sent(file)).as("%d bytes", length).containsExactly(sent(1, Result.ACKED));
    }
  }

  @Test
  void refusesALineThatIsNoneAndNamesIt() throws IOException {
    Path file = directory.resolve("sent-1.tsv");
    try (JournalWriter<Sent> journal = JournalWriter.sent(file)) {
      journal.write(sent(1, Result.ACKED));
    }
    for (String wrong :
        List.of(
            "",
            "1\tt\tr",
            "x\tt\tr\t1\t1\tCUSTOM\t0\t00\tACKED",
            "1\tt\tr\t1\t1\tCUSTOM\t0\t00\tACKED\t")) {
      Path bad = directory.resolve("sent-bad.tsv");
      Files.write(bad, Files.readAllBytes(file));
      Files.writeString(bad, wrong + "\n", StandardOpenOption.APPEND);
      assertThatThrownBy(() -> Journals.sent(bad).toList())
          .as(wrong)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("sent-bad.tsv:2");
    }
  }

  @Test
  void readsWhileItIsBeingWritten() throws IOException {
    Path file = directory.resolve("sent-1.tsv");
    try (JournalWriter<Sent> journal = JournalWriter.sent(file)) {
      journal.write(sent(1, Result.UNKNOWN));
      assertThat(Journals.sent(file)).hasSize(1);
    }
  }

  @Test
  void readsSeveralFilesOneAfterTheOther() {
    for (String name : List.of("sent-b.tsv", "sent-a.tsv", "other.tsv")) {
      try (JournalWriter<Sent> journal = JournalWriter.sent(directory.resolve(name))) {
        journal.write(new Sent(1, "t", name, 1, 1, "CUSTOM", false, 0, Result.ACKED));
      }
    }
    assertThat(Journals.sent(Journals.in(directory, "sent-*.tsv")))
        .extracting(Sent::run)
        .containsExactly("sent-a.tsv", "sent-b.tsv");
  }

  @Test
  void keepsLinesWholeWhenManyThreadsWrite() throws InterruptedException {
    Path file = directory.resolve("seen-1.tsv");
    List<Thread> writers = new ArrayList<>();
    try (JournalWriter<Seen> journal = JournalWriter.seen(file)) {
      for (int writer = 0; writer < 4; writer++) {
        String client = "c" + writer;
        Thread thread =
            new Thread(
                () ->
                    IntStream.range(0, 5_000)
                        .forEach(i -> journal.write(new Seen.Gap(i, client, "t", "EXPIRED"))));
        writers.add(thread);
        thread.start();
      }
      for (Thread thread : writers) {
        thread.join();
      }
    }
    assertThat(Journals.seen(file).filter(s -> s.client().equals("c2")).map(Seen::ms))
        .containsExactlyElementsOf(Stream.iterate(0L, i -> i + 1).limit(5_000).toList());
  }

  @Test
  void doesNotOverwriteAnEarlierProcess() {
    Path file = directory.resolve("sent-1.tsv");
    JournalWriter.sent(file).close();
    assertThatThrownBy(() -> JournalWriter.sent(file)).isInstanceOf(UncheckedIOException.class);
  }

  @Test
  void survivesWhatAServerShouldNotHaveSent() {
    Path file = directory.resolve("seen-1.tsv");
    try (JournalWriter<Seen> journal = JournalWriter.seen(file)) {
      journal.write(new Seen.Gap(1, "c", "a\tthread\nwith lines", "reason"));
      journal.write(new Seen.Down(2, "c", 1000));
    }
    assertThat(Journals.seen(file)).hasSize(2);
  }

  private static Sent sent(long seq, Result result) {
    return new Sent(1_764_000_000_000L, "t", "r", 1, seq, "CUSTOM", seq == 2, -seq, result);
  }
}
