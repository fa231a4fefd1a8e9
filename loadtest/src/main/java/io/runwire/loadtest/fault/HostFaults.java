package io.runwire.loadtest.fault;

import io.runwire.loadtest.process.ChildProcess;
import io.runwire.loadtest.process.Edge;
import io.runwire.loadtest.process.RunwireSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The machine gives less than it used to. */
final class HostFaults {
  /** Files that an edge may still open. */
  private static final int SPARE_FILES = 5;

  private static final String OPEN_FILES = "Max open files";

  static final List<Fault> ALL =
      List.of(
          Fault.whole(
              34,
              "CPU starved",
              "four busy processes per core compete with the system",
              15,
              (system, random) -> busy(system)),
          Fault.whole(
              36,
              "file descriptors used up",
              "an edge may open no more files, and its clients lose their connections",
              8,
              (system, random) -> noMoreFiles(system)));

  private HostFaults() {}

  private static Fault.Damage busy(RunwireSystem system) {
    List<ChildProcess> busy = new ArrayList<>();
    for (int i = 1; i <= 4 * Runtime.getRuntime().availableProcessors(); i++) {
      busy.add(system.drive("busy-" + i, List.of("/bin/sh", "-c", "while :; do :; done")));
    }
    return () -> busy.forEach(ChildProcess::kill);
  }

  private static Fault.Damage noMoreFiles(RunwireSystem system) throws Exception {
    Edge edge = system.busiestEdge();
    long pid = edge.node().process().pid();
    long open;
    try (Stream<Path> files = Files.list(Path.of("/proc/" + pid + "/fd"))) {
      open = files.count();
    }
    String before = softLimit(pid);
    limitFiles(pid, Long.toString(open + SPARE_FILES));
    // Its clients free what they had, and find that others took it.
    edge.clients().reset();
    return () -> limitFiles(pid, before);
  }

  /** From a line as in {@code Max open files 1024 524288 files}. */
  private static String softLimit(long pid) throws IOException {
    try (Stream<String> limits = Files.lines(Path.of("/proc/" + pid + "/limits"))) {
      return limits
          .filter(line -> line.startsWith(OPEN_FILES))
          .map(line -> line.substring(OPEN_FILES.length()).strip().split(" +")[0])
          .findFirst()
          .orElseThrow();
    }
  }

  private static void limitFiles(long pid, String soft) throws IOException, InterruptedException {
    int exit =
        new ProcessBuilder("prlimit", "--pid", Long.toString(pid), "--nofile=" + soft + ":")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor();
    if (exit != 0) {
      throw new IOException("prlimit --nofile=" + soft + ": exit code " + exit);
    }
  }
}
