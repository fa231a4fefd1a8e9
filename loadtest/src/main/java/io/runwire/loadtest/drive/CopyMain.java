package io.runwire.loadtest.drive;

/** A process that copies one topic to another, to measure the router against. */
public final class CopyMain {
  private static final Flags FLAGS =
      new Flags("Copies one topic to another, as it stands.")
          .required("bootstrap", "host:port,… of the brokers")
          .required("from", "topic")
          .required("to", "topic")
          .required("partitions", "of both")
          .optional("threads", "2", "that share them");

  private CopyMain() {}

  public static void main(String[] args) throws InterruptedException {
    FleetProcess.main(FLAGS, args, CopyMain::open);
  }

  private static Fleet open(Flags.Values values) {
    int partitions = values.number("partitions", 1, 10_000);
    return new Copy(
        values.text("bootstrap"),
        values.text("from"),
        values.text("to"),
        partitions,
        values.number("threads", 1, partitions));
  }
}
