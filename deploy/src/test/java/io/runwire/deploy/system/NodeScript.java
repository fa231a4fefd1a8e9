package io.runwire.deploy.system;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/** One of {@code deploy/interop}'s scripts, running. Its standard error goes to ours. */
final class NodeScript implements AutoCloseable {
  private static final Path FOLDER = Path.of("interop").toAbsolutePath();
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String END = "";

  private final String name;
  private final Process process;
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

  private NodeScript(String name, Process process) {
    this.name = name;
    this.process = process;
    Thread reader = new Thread(this::read, "node-" + name);
    reader.setDaemon(true);
    reader.start();
  }

  /** Starts a script; skips the test, and says so, where there is no Node. */
  static NodeScript start(String name, Map<String, String> environment) throws Exception {
    installOnce();
    ProcessBuilder builder =
        new ProcessBuilder("node", name)
            .directory(FOLDER.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().putAll(environment);
    return new NodeScript(name, builder.start());
  }

  /** Writes the script's standard input. */
  void input(String text) throws IOException {
    try (OutputStream in = process.getOutputStream()) {
      in.write(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  /** The next line of its output as JSON, or null when it has ended. */
  @Nullable JsonNode next() throws Exception {
    String line = lines.poll(60, TimeUnit.SECONDS);
    if (line == null) {
      throw new IllegalStateException(name + " printed nothing for 60 s");
    }
    return line.equals(END) ? null : MAPPER.readTree(line);
  }

  /** Its exit code. */
  int exitCode() throws InterruptedException {
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      throw new IllegalStateException(name + " did not end");
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  private void read() {
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        lines.add(line);
      }
    } catch (IOException e) {
      System.err.println(name + ": " + e);
    }
    lines.add(END);
  }

  private static void installOnce() throws InterruptedException {
    if (!install(FOLDER)) {
      System.out.println("SKIPPED: no Node.js here, so nothing that runs in it was tested");
      Assumptions.abort("no Node.js");
    }
  }

  /** Fetches what a folder's scripts need, once; false where there is no Node. */
  static synchronized boolean install(Path folder) throws InterruptedException {
    if (!runs(folder, List.of("node", "--version"))) {
      return false;
    }
    if (Files.exists(folder.resolve("package-lock.json"))
        && !Files.isDirectory(folder.resolve("node_modules"))
        && !runs(folder, List.of("npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"))) {
      throw new IllegalStateException("npm ci failed in " + folder);
    }
    return true;
  }

  private static boolean runs(Path folder, List<String> command) throws InterruptedException {
    try {
      return new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start()
              .waitFor()
          == 0;
    } catch (IOException notThere) {
      return false;
    }
  }
}
