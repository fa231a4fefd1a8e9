package io.runwire.loadtest.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildProcessTest {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Path folder;
  private final BlockingQueue<ChildProcess> ended = new LinkedBlockingQueue<>();
  private final ProcessGroup group = new ProcessGroup(ended::add, () -> {});

  ChildProcessTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @AfterEach
  void close() {
    group.close();
  }

  @Test
  void isKilledAndStartedAgainAsAnotherProcess() {
    ChildProcess child = started("exec sleep 60");
    long first = child.pid();
    child.kill();
    assertThat(child.alive()).isFalse();
    assertThat(ProcessHandle.of(first)).isEmpty();
    child.start();
    assertThat(child.pid()).isNotEqualTo(first);
  }

  @Test
  void standsStillWhileFrozen() throws Exception {
    ChildProcess child = started("exec sleep 60");
    child.freeze();
    Await.until("frozen", PATIENCE, () -> state(child) == 'T');
    child.thaw();
    Await.until("going on", PATIENCE, () -> state(child) != 'T');
  }

  @Test
  void stopsInGoodOrderEvenWhenFrozen() throws Exception {
    ChildProcess child = started("trap 'echo stopped; exit 0' TERM; echo up; sleep 60 & wait");
    Await.until("up", PATIENCE, () -> log(child).equals("up\n"));
    child.freeze();
    assertThat(child.stop()).isTrue();
    assertThat(log(child)).isEqualTo("up\nstopped\n");
  }

  @Test
  void tellsWhenItEndsByItselfAndOnlyThen() throws Exception {
    ChildProcess child = started("exit 3");
    assertThat(ended.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isSameAs(child);
    ChildProcess killed = started("exec sleep 60");
    killed.kill();
    assertThat(ended.poll(200, TimeUnit.MILLISECONDS)).isNull();
  }

  @Test
  void isGoneForGoodWhenItsGroupCloses() {
    ChildProcess child = started("exec sleep 60");
    group.close();
    assertThat(child.alive()).isFalse();
    child.start();
    assertThat(child.alive()).isFalse();
  }

  @Test
  void refusesToFreezeWhatDoesNotRun() {
    ChildProcess child = started("exec sleep 60");
    child.kill();
    assertThatThrownBy(child::freeze)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("child does not run");
  }

  private ChildProcess started(String script) {
    ChildProcess child =
        group.add(
            new Program("child", List.of("/bin/sh", "-c", script), folder.resolve("child.log")));
    child.start();
    return child;
  }

  private static char state(ChildProcess child) throws IOException {
    String stat = Files.readString(Path.of("/proc/" + child.pid() + "/stat"));
    return stat.charAt(stat.lastIndexOf(')') + 2);
  }

  private static String log(ChildProcess child) throws IOException {
    return Files.readString(child.program().log());
  }
}
