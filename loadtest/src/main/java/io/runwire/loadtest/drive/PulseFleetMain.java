package io.runwire.loadtest.drive;

import io.runwire.producer.kafka.KafkaLog;
import io.runwire.producer.kafka.KafkaLogConfig;
import java.util.Map;

/** A process of agents that write by plan, for measuring. */
public final class PulseFleetMain {
  private static final Flags FLAGS =
      new Flags("Writes events that say when they were due, at a steady rate.")
          .required("bootstrap", "host:port,… of the brokers")
          .required("threads", "t1,t2 or prefix.*count; used in turn")
          .optional("events-per-second", "100", "on all threads together")
          .optional("event-bytes", "400", "about so many")
          .optional("events", "0", "all together; 0: until it is stopped");

  private PulseFleetMain() {}

  public static void main(String[] args) throws InterruptedException {
    FleetProcess.main(FLAGS, args, PulseFleetMain::open);
  }

  private static Fleet open(Flags.Values values) {
    PulseFleet.Plan plan =
        new PulseFleet.Plan(
            ThreadNames.parse(values.text("threads")),
            values.decimal("events-per-second", 0.1, 1_000_000),
            values.number("event-bytes", 1, 500_000),
            values.number("events", 0, 100_000_000));
    KafkaLogConfig kafka = KafkaLogConfig.of(values.text("bootstrap"), Map.of());
    return new PulseFleet(plan, KafkaLog.connect(kafka));
  }
}
