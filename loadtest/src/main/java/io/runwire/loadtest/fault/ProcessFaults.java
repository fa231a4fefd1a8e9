package io.runwire.loadtest.fault;

import io.runwire.loadtest.process.Balancer.HashType;
import io.runwire.loadtest.process.ChildProcess;
import io.runwire.loadtest.process.Fleet;
import io.runwire.loadtest.process.Node;
import io.runwire.loadtest.process.RunwireSystem;
import io.runwire.topic.Topic;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Processes that are killed, frozen, or replaced one by one. */
final class ProcessFaults {
  static final List<Fault> ALL =
      List.of(
          Fault.whole(
              1,
              "router kill -9",
              "a router is killed; its work moves to the other or waits",
              4,
              (system, random) -> killed(router(system, random).process())),
          Fault.whole(
              2,
              "router frozen",
              "a router stands still for longer than its session, then goes on as a zombie",
              10,
              (system, random) -> frozen(router(system, random).process())),
          Fault.whole(
              3,
              "routers replaced",
              "every router is stopped and started again, one after the other",
              1,
              (system, random) -> replacedRouters(system)),
          Fault.whole(
              4,
              "router halted between acks",
              "a router ends when its changelog is acknowledged and its output is not",
              4,
              (system, random) -> haltedBetweenAcks(system)),
          Fault.whole(
              5,
              "leader broker kill -9",
              "the broker that leads a partition of thread-events is killed",
              5,
              (system, random) ->
                  killed(
                      system
                          .kafka()
                          .leader(
                              Topic.THREAD_EVENTS.topicName(),
                              random.nextInt(system.layout().partitions())))),
          Fault.whole(
              6,
              "broker frozen",
              "a broker stands still for longer than a producer's delivery timeout",
              8,
              (system, random) -> frozenBroker(system, random)),
          Fault.whole(
              7,
              "brokers replaced",
              "every broker is stopped and started again, one after the other",
              1,
              ProcessFaults::replacedBrokers),
          Fault.whole(
              8,
              "controller kill -9",
              "the broker whose controller leads the quorum is killed",
              5,
              (system, random) -> killed(system.kafka().controller())),
          Fault.whole(
              12,
              "edge kill -9",
              "an edge is killed; its clients resume elsewhere",
              4,
              (system, random) -> killed(system.busiestEdge().node().process())),
          Fault.whole(
              13,
              "edge frozen",
              "an edge stands still; its sockets stay open",
              12,
              (system, random) -> frozen(system.busiestEdge().node().process())),
          Fault.whole(
              14,
              "edge drained",
              "an edge is told to stop (SIGTERM) under load, and started again",
              3,
              (system, random) -> stopped(system.busiestEdge().node().process())),
          Fault.whole(
              Catalogue.BALANCER,
              "balancer restarted",
              "every connection through it ends, and its hash is another one afterwards",
              5,
              (system, random) -> rehashed(system)),
          Fault.whole(
              25,
              "agents killed in mid-run",
              "a process of agents is killed; its runs end nevertheless",
              5,
              (system, random) -> killed(pick(system.agents(), random))),
          Fault.whole(
              Catalogue.PAUSE,
              "all routers frozen",
              "all routers stand still for a minute, for longer than a run may be silent",
              60,
              (system, random) -> paused(system)));

  private ProcessFaults() {}

  private static Fault.Damage killed(ChildProcess process) {
    process.kill();
    return process::start;
  }

  private static Fault.Damage killed(Fleet fleet) {
    fleet.kill();
    return fleet::start;
  }

  private static Fault.Damage stopped(ChildProcess process) {
    process.stop();
    return process::start;
  }

  private static Fault.Damage frozen(ChildProcess process) {
    process.freeze();
    return process::thaw;
  }

  /**
   * Members that talked to it find out only now that others have taken over, and join again: what
   * comes next is to be another failure and not the second half of this one.
   */
  private static Fault.Damage frozenBroker(RunwireSystem system, Random random) {
    ChildProcess broker = pick(system.kafka().brokers(), random);
    broker.freeze();
    return () -> {
      broker.thaw();
      system.kafka().awaitGroupsStable();
    };
  }

  private static Fault.Damage paused(RunwireSystem system) {
    system.routers().forEach(router -> router.process().freeze());
    return () -> system.routers().forEach(router -> router.process().thaw());
  }

  private static Fault.Damage haltedBetweenAcks(RunwireSystem system) throws Exception {
    system.haltARouterBetweenAcks();
    return system::startRouters;
  }

  private static Fault.Damage replacedRouters(RunwireSystem system) throws Exception {
    for (Node router : system.routers()) {
      router.process().stop();
      router.process().start();
      router.awaitReady();
    }
    return () -> {};
  }

  private static Fault.Damage replacedBrokers(RunwireSystem system, Random random)
      throws Exception {
    List<ChildProcess> order = new ArrayList<>(system.kafka().brokers());
    Collections.shuffle(order, random);
    for (ChildProcess broker : order) {
      broker.stop();
      broker.start();
      system.kafka().awaitReady();
    }
    return () -> {};
  }

  private static Fault.Damage rehashed(RunwireSystem system) throws Exception {
    system.balancer().orElseThrow().restart(HashType.MAP_BASED);
    return () -> system.balancer().orElseThrow().restart(HashType.CONSISTENT);
  }

  private static Node router(RunwireSystem system, Random random) {
    return pick(system.routers(), random);
  }

  private static <T> T pick(List<T> from, Random random) {
    return from.get(random.nextInt(from.size()));
  }
}
