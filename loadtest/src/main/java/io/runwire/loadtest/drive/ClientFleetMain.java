package io.runwire.loadtest.drive;

import io.runwire.loadtest.journal.JournalWriter;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.List;

/** A process of many {@linkplain LightClient light clients}. */
public final class ClientFleetMain {
  private static final int MAX_CLIENTS = 100_000;

  private static final Flags FLAGS =
      new Flags("Follows threads over many sockets and journals what each client was handed.")
          .required("edges", "ws://host:port[/v1/ws],… tried in turn")
          .required("token-file", "tokens, one per line, used in turn")
          .required("threads", "t1,t2 or prefix.*count; client i follows thread i mod their number")
          .required("journal", "the file to write; it must not exist")
          .optional("clients", "1", "how many sockets")
          .optional("spread", "true", "begin at one edge after the other, not all at the first")
          .optional("from", "earliest", "earliest, open or latest")
          .optional("run", "", "follow this run only")
          .optional("name", "client", "what the clients' names begin with")
          .optional("from-address", "127.0.0.1", "local addresses, used in turn")
          .optional("loops", "1", "threads")
          .optional("ack", "false", "acknowledge what was handed on")
          .optional("reads-events", "0", "each stops reading after so many; 0: never")
          .optional("delays", "", "a file for histograms of how long pulses took to arrive")
          .optional("read-bytes-per-second", "0", "read each socket no faster; 0: no limit")
          .optional("receive-buffer-bytes", "0", "of each socket; 0: the kernel's default")
          .optional("seed", "1", "of the back-off's jitter");

  private ClientFleetMain() {}

  public static void main(String[] args) throws InterruptedException {
    FleetProcess.main(FLAGS, args, ClientFleetMain::open);
  }

  private static Fleet open(Flags.Values values) {
    ClientFleet.Plan plan =
        new ClientFleet.Plan(
            values.text("name"),
            values.list("edges").stream().map(ClientFleetMain::edge).toList(),
            values.truth("spread"),
            new Tokens(Path.of(values.text("token-file"))),
            ThreadNames.parse(values.text("threads")),
            values.optional("run"),
            values.text("from"),
            values.truth("ack"),
            values.number("reads-events", 0, Integer.MAX_VALUE),
            values.number("clients", 1, MAX_CLIENTS),
            values.number("loops", 1, 64),
            new LineOptions(
                addresses(values.list("from-address")),
                values.number("receive-buffer-bytes", 0, 16 << 20),
                values.number("read-bytes-per-second", 0, 1 << 30)),
            values.seed("seed"));
    return new ClientFleet(
        plan,
        JournalWriter.seen(Path.of(values.text("journal"))),
        values.optional("delays").map(file -> new DelayLog(Path.of(file))));
  }

  private static URI edge(String spelled) {
    URI uri = URI.create(spelled);
    if (!"ws".equals(uri.getScheme()) || uri.getHost() == null || uri.getPort() < 1) {
      throw new IllegalArgumentException(
          "--edges: " + spelled + " (expected: ws://host:port[/v1/ws])");
    }
    return uri.getRawPath().length() > 1 ? uri : uri.resolve("/v1/ws");
  }

  private static List<InetAddress> addresses(List<String> spelled) {
    return spelled.stream().map(ClientFleetMain::address).toList();
  }

  private static InetAddress address(String spelled) {
    try {
      return InetAddress.getByName(spelled);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("--from-address: " + spelled + ": unknown", e);
    }
  }
}
