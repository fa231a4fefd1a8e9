package io.runwire.loadtest.drive;

import io.runwire.loadtest.drive.ScriptedRun.Script;
import io.runwire.loadtest.journal.JournalWriter;
import io.runwire.producer.kafka.KafkaLog;
import io.runwire.producer.kafka.KafkaLogConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** A process of agents that write runs through the real producer. */
public final class AgentFleetMain {
  private static final Flags FLAGS =
      new Flags("Runs agents and journals what they hand to Kafka.")
          .required("bootstrap", "host:port,… of the brokers")
          .required("threads", "t1,t2 or prefix.*count; each run picks one")
          .required("journal", "the file to write; it must not exist")
          .optional("runs-per-second", "1", "runs that begin")
          .optional("event-interval-ms", "50", "between the moves of a run")
          .optional("events-per-run", "50", "about so many")
          .optional("run-timeout-ms", "60000", "the silence that ends a run")
          .optional("delivery-timeout-ms", "20000", "after which a record is given up and repeated")
          .optional("large-percent", "0", "of the texts are of 100,000 chars")
          .optional("repeat-percent", "0", "records sent once more, per 100 settled events")
          .optional("poison-percent", "0", "bad records, per 100 settled events")
          .optional("seed", "1", "of the script and the strays");

  private AgentFleetMain() {}

  public static void main(String[] args) throws InterruptedException {
    FleetProcess.main(FLAGS, args, AgentFleetMain::open);
  }

  private static Fleet open(Flags.Values values) {
    String bootstrap = values.text("bootstrap");
    long seed = values.seed("seed");
    AgentFleet.Plan plan =
        new AgentFleet.Plan(
            ThreadNames.parse(values.text("threads")),
            values.decimal("runs-per-second", 0.01, 10_000),
            Duration.ofMillis(values.number("event-interval-ms", 1, 60_000)),
            new Script(
                values.number("events-per-run", 2, 100_000),
                Duration.ofMillis(values.number("run-timeout-ms", 1_000, 3_600_000)),
                values.decimal("large-percent", 0, 100)),
            seed);
    double repeats = values.decimal("repeat-percent", 0, 100);
    double poison = values.decimal("poison-percent", 0, 100);
    int deliveryMs = values.number("delivery-timeout-ms", 100, 600_000);
    KafkaLogConfig kafka =
        KafkaLogConfig.of(
            bootstrap,
            Map.of("delivery.timeout.ms", deliveryMs, "request.timeout.ms", deliveryMs / 2));
    return new AgentFleet(
        plan,
        KafkaLog.connect(kafka),
        JournalWriter.sent(Path.of(values.text("journal"))),
        new Strays(Strays.producer(bootstrap), repeats, poison, seed));
  }
}
