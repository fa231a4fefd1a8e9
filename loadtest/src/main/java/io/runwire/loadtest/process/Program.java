package io.runwire.loadtest.process;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a {@link ChildProcess} runs.
 *
 * @param name for the console, and of its log file
 * @param command with its arguments
 * @param log where its output goes; a restart appends
 */
public record Program(String name, List<String> command, Path log) {
  /**
   * Small heaps, one collector thread, the quick compiler: a dozen of them share a machine, and
   * correctness is looked for, not speed.
   */
  private static final List<String> JVM_OPTIONS =
      List.of(
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-Xshare:auto",
          "-Dfile.encoding=UTF-8",
          "-Djava.awt.headless=true");

  /** For a program that is measured: compiler and collector of those that live long. */
  public static final List<String> LONG_LIVED =
      List.of("-XX:TieredStopAtLevel=4", "-XX:-UseSerialGC", "-XX:+UseG1GC");

  public Program {
    command = List.copyOf(command);
  }

  /** The command that runs a main class of this class path. */
  public static List<String> java(String heap, String main, List<String> arguments) {
    return java(heap, List.of(), main, arguments);
  }

  /**
   * That command with options of the JVM's own.
   *
   * @param options they come last, and win
   */
  public static List<String> java(
      String heap, List<String> options, String main, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx" + heap);
    command.addAll(JVM_OPTIONS);
    command.addAll(options);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(main);
    command.addAll(arguments);
    return command;
  }
}
