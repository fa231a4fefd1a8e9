package io.runwire.deploy.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.WebSocketRoute;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import io.runwire.edge.EdgeConfig;
import io.runwire.edge.RunwireEdge;
import io.runwire.edge.console.Playground;
import io.runwire.frame.CloseCode;
import io.runwire.producer.AgentRun;
import io.runwire.producer.RunOptions;
import io.runwire.producer.TextMessage;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The console in a real browser. */
class ConsoleBrowserIT {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final double PATIENCE_MS = 30_000;

  private static Runwired system;
  private static Browser browser;

  @BeforeAll
  static void start() throws Exception {
    browser = Browser.start();
    system = new Runwired();
  }

  @AfterAll
  static void stop() throws Exception {
    if (system != null) {
      system.close();
      browser.close();
    }
  }

  @Test
  void theTextIsWholeAfterAReloadInTheMiddleAndTwoDroppedConnections() throws Exception {
    // Without the right to history the page comes back by from:open.
    OpenOnly playground = new OpenOnly();
    try (RunwireEdge edge = edge(playground)) {
      playground.port = edge.port();
      String thread = "browser.whole";
      AtomicBoolean enough = new AtomicBoolean();
      AgentRun run = system.producer().startRun(RunOptions.onThread(thread));
      CompletableFuture<Void> agent = CompletableFuture.runAsync(() -> write(run, enough));

      Page page = browser.open();
      List<String> complaints = new ArrayList<>();
      page.onPageError(complaints::add);
      page.navigate("http://localhost:" + edge.port() + "/#thread=" + thread);
      Locator shown = page.locator("[data-thread='" + thread + "']");
      awaitSeqAbove(shown, 30);

      page.reload();
      awaitSeqAbove(shown, 60);
      drop(page, shown);
      drop(page, shown);
      enough.set(true);
      agent.get(30, TimeUnit.SECONDS);

      assertWhole(shown, thread, run);
      assertThat(complaints).as("errors on the page").isEmpty();
    }
  }

  @Test
  void goesOnOverPlainHttpWhereNoWebSocketGetsThroughAndReturns() throws Exception {
    OpenOnly playground = new OpenOnly();
    try (RunwireEdge edge = edge(playground)) {
      playground.port = edge.port();
      String thread = "browser.fallback";
      AtomicBoolean enough = new AtomicBoolean();
      AgentRun run = system.producer().startRun(RunOptions.onThread(thread));
      CompletableFuture<Void> agent = CompletableFuture.runAsync(() -> write(run, enough));
      Page page = browser.open();
      page.navigate("http://localhost:" + edge.port() + "/#thread=" + thread);
      Locator shown = page.locator("[data-thread='" + thread + "']");
      Locator fallback = page.locator("#transport");
      awaitSeqAbove(shown, 10);

      page.locator("#block-websockets").click();
      PlaywrightAssertions.assertThat(fallback).isVisible(visible());
      assertState(page, "live");
      awaitSeqAbove(shown, lastSeq(shown) + 20);
      page.locator("#block-websockets").click();
      PlaywrightAssertions.assertThat(fallback).isHidden(hidden());
      awaitSeqAbove(shown, lastSeq(shown) + 20);
      enough.set(true);
      agent.get(30, TimeUnit.SECONDS);

      assertWhole(shown, thread, run);
    }
  }

  @Test
  void tellsOfADrainAndOfAnEvictionAndComesBackFromBoth() throws Exception {
    OpenOnly playground = new OpenOnly();
    try (RunwireEdge edge = edge(playground)) {
      playground.port = edge.port();
      String thread = "browser.states";
      AtomicBoolean enough = new AtomicBoolean();
      AgentRun run = system.producer().startRun(RunOptions.onThread(thread));
      CompletableFuture<Void> agent = CompletableFuture.runAsync(() -> write(run, enough));
      Page page = browser.open();
      Deque<WebSocketRoute> sockets = new ArrayDeque<>();
      page.routeWebSocket(
          url -> url.endsWith("/v1/ws"),
          socket -> {
            socket.connectToServer();
            sockets.add(socket);
          });
      page.navigate("http://localhost:" + edge.port() + "/#thread=" + thread);
      Locator shown = page.locator("[data-thread='" + thread + "']");
      awaitSeqAbove(shown, 10);

      sockets.getLast().send("{\"op\":\"draining\",\"retryAfterMs\":4000}");
      assertState(page, "draining");
      PlaywrightAssertions.assertThat(page.locator(".strip"))
          .containsText("This edge goes away soon");
      sockets.getLast().close(closing(CloseCode.DRAINED));
      assertState(page, "reconnecting");
      assertState(page, "live");
      awaitSeqAbove(shown, lastSeq(shown) + 20);

      sockets.getLast().close(closing(CloseCode.REPLACED));
      assertState(page, "evicted");
      Locator takeOver = page.getByText("Take over here");
      PlaywrightAssertions.assertThat(takeOver).isVisible();
      int before = sockets.size();
      takeOver.click();
      assertState(page, "live");
      assertThat(sockets).hasSizeGreaterThan(before);
      enough.set(true);
      agent.get(30, TimeUnit.SECONDS);

      assertWhole(shown, thread, run);
    }
  }

  private static WebSocketRoute.CloseOptions closing(CloseCode code) {
    return new WebSocketRoute.CloseOptions().setCode(code.code()).setReason(code.reason());
  }

  private static void assertState(Page page, String state) {
    PlaywrightAssertions.assertThat(page.locator("#connection"))
        .hasAttribute("data-state", state, patience());
  }

  /** The run has ended on the page, and the page has every byte of it once. */
  private static void assertWhole(Locator shown, String thread, AgentRun run) throws Exception {
    PlaywrightAssertions.assertThat(shown).hasAttribute("data-status", "finished", patience());
    List<String> written = AgentLog.values(system.bootstrapServers(), thread, run.id());
    assertThat(lastSeq(shown)).isEqualTo(written.size());
    assertThat(shown.getAttribute("data-lost")).isEqualTo("0");
    assertThat(shown.getAttribute("data-doubled")).isEqualTo("0");
    textOf(written)
        .forEach(
            (message, text) ->
                assertThat(
                        shown
                            .locator("[data-message-id='" + message + "']")
                            .evaluate("e => e.textContent"))
                    .isEqualTo(text));
  }

  private static long lastSeq(Locator shown) {
    return Long.parseLong(shown.getAttribute("data-last-seq"));
  }

  /** Drops the connection by the button, and waits until events have come in again. */
  private static void drop(Page page, Locator shown) {
    long before = lastSeq(shown);
    page.locator("#drop-connection").click();
    assertState(page, "reconnecting");
    assertState(page, "live");
    awaitSeqAbove(shown, before + 20);
  }

  private static void awaitSeqAbove(Locator shown, long seq) {
    shown
        .page()
        .waitForFunction(
            "seq => Number(document.querySelector('[data-thread]')?.dataset.lastSeq) > seq",
            (int) seq,
            new Page.WaitForFunctionOptions().setTimeout(PATIENCE_MS));
  }

  private static LocatorAssertions.IsVisibleOptions visible() {
    return new LocatorAssertions.IsVisibleOptions().setTimeout(PATIENCE_MS);
  }

  private static LocatorAssertions.IsHiddenOptions hidden() {
    return new LocatorAssertions.IsHiddenOptions().setTimeout(PATIENCE_MS);
  }

  private static LocatorAssertions.HasAttributeOptions patience() {
    return new LocatorAssertions.HasAttributeOptions().setTimeout(PATIENCE_MS);
  }

  private static void write(AgentRun run, AtomicBoolean enough) {
    run.reasoning("Line one\r\n\tline <b>two</b> – größer ✓");
    try (TextMessage message = run.message()) {
      for (int i = 0; !enough.get(); i++) {
        message.delta("token " + i + ": \t<i>ß</i>\r\n\u2028 \uD83D\uDE00 ");
        TimeUnit.MILLISECONDS.sleep(20);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    run.complete();
    run.close();
  }

  /** The text of each message, put together from what the agent wrote. */
  private static Map<String, String> textOf(List<String> events) throws Exception {
    List<JsonNode> parsed = new ArrayList<>();
    for (String event : events) {
      parsed.add(MAPPER.readTree(event));
    }
    return parsed.stream()
        .filter(event -> event.path("type").asText().endsWith("MESSAGE_CONTENT"))
        .collect(
            Collectors.groupingBy(
                event -> event.path("messageId").asText(),
                Collectors.mapping(event -> event.path("delta").asText(), Collectors.joining())));
  }

  private static RunwireEdge edge(Playground playground) throws Exception {
    Map<String, String> settings = system.edgeSettings(0, 0);
    settings.put("development", "true");
    settings.put("origins", "*");
    return RunwireEdge.start(EdgeConfig.of(settings), Optional.of(playground));
  }

  /** Gives tokens that may follow threads and see runs, but not read the past. */
  private static final class OpenOnly implements Playground {
    private volatile int port;

    @Override
    public Token token(String subject, Duration ttl, List<String> threads, List<String> actions) {
      return system.tokens().issue(subject, ttl, threads, List.of("subscribe", "ledger"));
    }

    @Override
    public DemoRun start(String question, String thread) {
      throw new UnsupportedOperationException("no demo here");
    }

    @Override
    public List<String> edges() {
      return List.of("ws://localhost:" + port + "/v1/ws");
    }
  }
}
