package io.runwire.deploy.system;

import io.runwire.event.EventHeaders;
import io.runwire.event.EventType;
import io.runwire.producer.AgentRun;
import io.runwire.producer.RunOptions;
import io.runwire.producer.Runwire;
import io.runwire.producer.TextMessage;
import io.runwire.topic.Topic;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** An agent in a process of its own, which writes and never comes to an end by itself. */
final class ForkedAgent implements AutoCloseable {
  /** How it writes. */
  enum Way {
    /** By the library, as a Java team would. */
    LIBRARY,
    /** By the contract alone, awaiting each send; it knows of no lease. */
    CONTRACT
  }

  private static final int PAUSE_MS = 10;

  private final Process process;

  private ForkedAgent(Process process) {
    this.process = process;
  }

  static ForkedAgent start(String bootstrap, String thread, String run, Duration timeout, Way way)
      throws IOException {
    return new ForkedAgent(
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                ForkedAgent.class.getName(),
                bootstrap,
                thread,
                run,
                Long.toString(timeout.toMillis()),
                way.name())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.INHERIT)
            .start());
  }

  /** kill -9. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor(10, TimeUnit.SECONDS);
  }

  /** SIGSTOP. */
  void freeze() throws Exception {
    signal("-STOP");
  }

  /** SIGCONT. */
  void thaw() throws Exception {
    signal("-CONT");
  }

  private void signal(String signal) throws Exception {
    int exit = new ProcessBuilder("kill", signal, Long.toString(process.pid())).start().waitFor();
    if (exit != 0) {
      throw new IllegalStateException("kill " + signal + " " + process.pid() + ": " + exit);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  public static void main(String[] args) throws Exception {
    Duration timeout = Duration.ofMillis(Long.parseLong(args[3]));
    switch (Way.valueOf(args[4])) {
      case LIBRARY -> byLibrary(args[0], args[1], args[2], timeout);
      case CONTRACT -> byContract(args[0], args[1], args[2], timeout);
    }
  }

  private static void byLibrary(String bootstrap, String thread, String run, Duration timeout)
      throws Exception {
    try (Runwire runwire = Runwire.connect(bootstrap);
        AgentRun going =
            runwire.startRun(RunOptions.onThread(thread).withRun(run).withTimeout(timeout));
        TextMessage message = going.message()) {
      for (int i = 0; ; i++) {
        message.delta("token " + i + " ");
        TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
      }
    }
  }

  private static void byContract(String bootstrap, String thread, String run, Duration timeout)
      throws Exception {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", bootstrap, "acks", "all"),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (long seq = 1; ; seq++) {
        producer.send(record(thread, run, seq, timeout)).get();
        TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
      }
    }
  }

  private static ProducerRecord<byte[], byte[]> record(
      String thread, String run, long seq, Duration timeout) {
    EventType type = seq == 1 ? EventType.RUN_STARTED : EventType.CUSTOM;
    String rest =
        seq == 1
            ? "\"threadId\":\"" + thread + "\",\"runId\":\"" + run + "\""
            : "\"name\":\"alive\",\"value\":" + seq;
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(
            Topic.AGENT_EVENTS.topicName(),
            utf8(thread),
            utf8("{\"type\":\"" + type + "\"," + rest + "}"));
    record.headers().add(EventHeaders.RUN, utf8(run));
    record.headers().add(EventHeaders.SEQ, utf8(Long.toString(seq)));
    record.headers().add(EventHeaders.TYPE, utf8(type.name()));
    if (seq == 1) {
      record.headers().add(EventHeaders.TIMEOUT_MS, utf8(Long.toString(timeout.toMillis())));
    }
    return record;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
