package io.runwire.edge.conformance;

import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.runwire.edge.RawClient;
import io.runwire.edge.TestEdge;
import io.runwire.edge.access.TokenMint;
import io.runwire.edge.conformance.Case.On;
import io.runwire.edge.socket.EchoServer;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/** The edge's WebSocket against RFC 6455, section by section; prints what passed. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConformanceTest {
  private final Tally tally = new Tally();
  private TestEdge edge;
  private EchoServer echo;

  @BeforeAll
  void start() throws Exception {
    edge = TestEdge.start();
    echo = EchoServer.start();
  }

  @AfterAll
  void stop() throws Exception {
    System.out.print(tally.table());
    echo.close();
    edge.close();
  }

  @TestFactory
  Stream<DynamicNode> conformsToRfc6455() {
    List<Section> sections = Section.all();
    return Stream.concat(
        sections.stream()
            .map(
                section ->
                    dynamicContainer(
                        section.number() + " " + section.title(),
                        section.cases().stream()
                            .map(each -> dynamicTest(each.toString(), () -> run(section, each))))),
        Stream.of(dynamicTest("is published", () -> tally.page().assertCurrent())));
  }

  private void run(Section section, Case each) throws Exception {
    tally.begun(section, each);
    try (RawClient client = each.on() == On.EDGE ? onEdge(each) : onEcho()) {
      each.conversation().with(client);
    }
    tally.passed(section);
  }

  private RawClient onEdge(Case each) throws IOException {
    // A user of its own, so that no case counts against another.
    return RawClient.opened(
        edge, edge.mint.token("u-" + each.id(), TokenMint.TTL, List.of("subscribe"), "t"));
  }

  private RawClient onEcho() throws IOException {
    return RawClient.opened(echo.port());
  }
}
