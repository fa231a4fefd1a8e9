package io.runwire.deploy.cli;

import io.runwire.event.Ids;
import io.runwire.processor.keys.ThreadErasure;
import io.runwire.seal.KeyName;
import io.runwire.topic.Topic;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code runwire erase}: what was written to a thread, erased for good. */
@Command(
    name = "erase",
    description = {
      "Erases what agents wrote to a thread up to now, by destroying the thread's keys.",
      "It cannot be undone. Proofs stay valid: they are of the encrypted bytes, which stay.",
      "Needs payload.encryption=on from before the thread was written, and no key."
    },
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:erased",
      "1:nothing was done: not confirmed, no key, or no encryption; or repeat it: it failed",
      "2:wrong usage"
    })
final class EraseCommand implements Callable<Integer> {
  private static final int NOTHING_DONE = 1;

  @Parameters(paramLabel = "THREAD", description = "The thread's id.")
  private String thread = "";

  @Option(
      names = "--bootstrap",
      defaultValue = "localhost:9092",
      description = "Kafka brokers (default: ${DEFAULT-VALUE}).")
  private String bootstrap = "";

  @Option(
      names = "--kafka-config",
      paramLabel = "FILE",
      description = "Properties of the Kafka clients: security.protocol, sasl.jaas.config, …")
  private @Nullable Path kafkaConfig;

  @Option(names = "--yes", description = "Does not ask.")
  private boolean yes;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    if (!Ids.valid(thread)) {
      throw new ParameterException(
          Objects.requireNonNull(spec, "set by picocli").commandLine(),
          "THREAD: expected 1-200 chars of [A-Za-z0-9._~:-]");
    }
    PrintWriter out = Objects.requireNonNull(spec, "set by picocli").commandLine().getOut();
    ThreadErasure erasure = new ThreadErasure(kafka());
    List<KeyName> keys = erasure.keys(thread);
    if (keys.isEmpty()) {
      out.println(
          "thread " + thread + " has no key: nothing of it is encrypted, or all of it is erased");
      return NOTHING_DONE;
    }
    if (!yes && !confirmed(out)) {
      out.println("nothing was done");
      return NOTHING_DONE;
    }
    List<KeyName> destroyed = erasure.erase(thread);
    out.printf("thread %s is erased: %d of its keys destroyed%n", thread, destroyed.size());
    destroyed.forEach(name -> out.println("  " + name));
    out.println(notCovered());
    out.flush();
    return 0;
  }

  private Map<String, Object> kafka() throws IOException {
    Map<String, Object> settings = new TreeMap<>();
    if (kafkaConfig != null) {
      settings.putAll(ConfigFile.read(kafkaConfig));
    }
    settings.put("bootstrap.servers", bootstrap);
    return settings;
  }

  private boolean confirmed(PrintWriter out) throws IOException {
    out.printf("Erase all that was written to thread %s? Type its id: ", thread);
    out.flush();
    String typed =
        new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset())).readLine();
    return thread.equals(typed == null ? "" : typed.strip());
  }

  private static String notCovered() {
    long minutes = Topic.KEYS_CLEANED_AFTER.toMinutes();
    return String.join(
        System.lineSeparator(),
        "Edges show it as erased within a second. Not covered:",
        "  - agent-events holds the bytes as they came for up to 24 hours",
        "  - rejected-events holds records that were refused, as they came, for 30 days",
        "  - headers stay: thread, run, types, times, the code of an error; and the run ledger",
        "  - whatever was written before payload.encryption was on",
        "  - the wrapped keys stay on the brokers' disks until thread-keys is compacted: about "
            + 3 * minutes
            + " minutes; in backups, and in copies of the topics, for as long as those are kept",
        "  - what readers already have, and what they are just being sent");
  }
}
