package io.runwire.loadtest.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTailTest {
  @Test
  void countsLinesOfItsKindAsTheyCome(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("seen-a.tsv"), "up\t1\nevent\t2\tevent\t\nev");
    JournalTail events = new JournalTail(file, "event");
    assertThat(events.count()).isEqualTo(1);
    assertThat(events.count()).isEqualTo(1);
    Files.writeString(file, "ent\t3\nlive\tevent\nevents\t4\n", StandardOpenOption.APPEND);
    assertThat(events.count()).isEqualTo(2);
  }
}
