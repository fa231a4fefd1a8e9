package io.runwire.processor;

import io.runwire.processor.ProcessorConfig.Listen;
import io.runwire.processor.http.HttpPeers;
import io.runwire.processor.http.HttpPort;
import io.runwire.processor.http.LedgerHandler;
import io.runwire.processor.http.ManagementHandler;
import io.runwire.processor.keys.RouterKeys;
import io.runwire.processor.ledger.Ledger;
import io.runwire.processor.ledger.LedgerTopology;
import io.runwire.processor.ledger.SharedLedger;
import io.runwire.processor.ledger.StoredLedger;
import io.runwire.processor.ledger.StreamsOwners;
import io.runwire.processor.topics.CheckedTopics;
import io.runwire.processor.topics.LogWatch;
import io.runwire.processor.topics.SourceOffsets;
import io.runwire.processor.topics.TopicSetup;
import io.runwire.processor.topology.PayloadSeal;
import io.runwire.processor.topology.Router;
import io.runwire.seal.KeyWrapper;
import io.runwire.topic.Topic;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.state.HostInfo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Router and ledger, running. Several share the work of one {@code application.id}. */
public final class RunwireProcessor implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RunwireProcessor.class);

  private final Applications applications;
  private final HttpPort http;
  private final HttpPort management;
  private final Deque<Runnable> closing;

  private RunwireProcessor(
      Applications applications, HttpPort http, HttpPort management, Deque<Runnable> closing) {
    this.applications = applications;
    this.http = http;
    this.management = management;
    this.closing = closing;
  }

  /**
   * Starts a processor that ends its process where going on would break a promise.
   *
   * @throws RuntimeException if Kafka cannot be reached, the topics do not fit, the position in
   *     them is lost, or a port is taken; the message says what was found and what was expected
   */
  public static RunwireProcessor start(ProcessorConfig config) {
    return start(config, Halt.process());
  }

  /** Likewise, with something else to do in that case. */
  public static RunwireProcessor start(ProcessorConfig config, Halt halt) {
    CheckedTopics topics = prepare(config);
    Deque<Runnable> closing = new ArrayDeque<>();
    try {
      ProcessorMeters meters = new ProcessorMeters();
      closing.push(meters::close);
      PayloadSeal seal = PayloadSeal.OFF;
      if (config.payloadKeys().isPresent()) {
        RouterKeys keys = keys(config, config.payloadKeys().get(), meters);
        closing.push(keys::close);
        meters.bind(keys);
        seal = keys;
      }
      LogWatch watch =
          LogWatch.start(
              Admin.create(StreamsSettings.admin(config)),
              config.routerGroup(),
              topics.log(),
              RunwireProcessor::nowMs,
              halt);
      closing.push(watch::close);
      Listen ledgerAt = config.http();
      HttpPort http = HttpPort.bind("http.port", ledgerAt.host(), ledgerAt.port());
      closing.push(http::close);
      HostInfo self = new HostInfo(config.advertisedHost(), http.port());
      Applications applications =
          new Applications(
              config, self, topics, seal, meters, watch, RunwireProcessor::nowMs, halt);
      closing.push(applications::close);
      http.serve(ledger(config, applications.ledger(), self));
      Listen managementAt = config.management();
      HttpPort management =
          HttpPort.open(
              "management.port",
              managementAt.host(),
              managementAt.port(),
              new ManagementHandler(applications::live, applications::running, meters::scrape));
      closing.push(management::close);
      applications.start();
      LOG.info(
          "processor started: kafka={} application={} partitions={} http={} management={}",
          config.bootstrapServers(),
          config.applicationId(),
          config.partitions(),
          http.port(),
          management.port());
      return new RunwireProcessor(applications, http, management, closing);
    } catch (RuntimeException e) {
      closing.forEach(Runnable::run);
      throw e;
    }
  }

  /** The ledger's port. */
  public int port() {
    return http.port();
  }

  public int managementPort() {
    return management.port();
  }

  /** Waits until records are being routed; false if they are not within that time. */
  public boolean awaitRunning(Duration atMost) throws InterruptedException {
    return applications.awaitRunning(atMost);
  }

  /** Sends what is under way, commits, leaves the group. */
  @Override
  public synchronized void close() {
    if (closing.isEmpty()) {
      return;
    }
    while (!closing.isEmpty()) {
      closing.pop().run();
    }
    LOG.info("processor stopped");
  }

  /** Refuses to start where the broker has not what the promises need. */
  private static CheckedTopics prepare(ProcessorConfig config) {
    try (Admin admin = Admin.create(StreamsSettings.admin(config))) {
      CheckedTopics topics =
          TopicSetup.check(
              admin, config.partitions(), config.auditPeriod(), config.payloadKeys().isPresent());
      int n = config.partitions();
      new SourceOffsets(admin, config.routerGroup(), Topic.AGENT_EVENTS, Router.STORE, n).settle();
      new SourceOffsets(admin, config.ledgerGroup(), Topic.THREAD_EVENTS, LedgerTopology.STORE, n)
          .settle();
      return topics;
    } catch (TimeoutException e) {
      throw new IllegalStateException(
          "bootstrap.servers: " + config.bootstrapServers() + " gives no answer", e);
    }
  }

  private static RouterKeys keys(
      ProcessorConfig config, KeyWrapper wrapper, ProcessorMeters meters) {
    Map<String, Object> clients = StreamsSettings.admin(config);
    try (Admin admin = Admin.create(clients)) {
      return RouterKeys.open(
          clients, config.partitions(), TopicSetup.keySegment(admin), wrapper, meters);
    }
  }

  private static LedgerHandler ledger(ProcessorConfig config, KafkaStreams streams, HostInfo self) {
    Function<Set<Integer>, Ledger> here =
        partitions -> new StoredLedger(streams, config.partitions(), partitions);
    SharedLedger everywhere =
        new SharedLedger(
            config.partitions(),
            here,
            new StreamsOwners(streams, self),
            new HttpPeers(),
            LedgerHandler.MAY_WAIT);
    return new LedgerHandler(everywhere, here);
  }

  /** A clock that never steps. */
  private static long nowMs() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
  }
}
