package io.runwire.deploy.system;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.APIResponse;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.assertions.LocatorAssertions;
import io.runwire.edge.EdgeConfig;
import io.runwire.edge.RunwireEdge;
import io.runwire.edge.console.Playground;
import io.runwire.producer.AgentRun;
import io.runwire.producer.RunOptions;
import io.runwire.producer.TextMessage;
import io.runwire.producer.ToolCall;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The console's replay of a finished run, in a real browser. */
class ReplayDrawerBrowserIT {
  private static final double PATIENCE_MS = 30_000;
  private static final String THREAD = "drawer.one";
  private static final String RUN = "looked-at-again";
  private static final int WORDS = 40;
  private static final String REPLAYS = "**/v1/threads/" + THREAD + "/events?run=*";

  private static Runwired system;
  private static Browser browser;
  private static RunwireEdge edge;
  private static volatile List<String> actions = List.of();
  private static int written;

  private Page page;
  private final List<String> complaints = new ArrayList<>();

  @BeforeAll
  static void start() throws Exception {
    browser = Browser.start();
    system = new Runwired();
    Map<String, String> settings = system.edgeSettings(0, 0);
    settings.put("development", "true");
    settings.put("origins", "*");
    edge = RunwireEdge.start(EdgeConfig.of(settings), Optional.of(new Granting()));
    write();
    written = AgentLog.values(system.bootstrapServers(), THREAD, RUN).size();
  }

  @AfterAll
  static void stop() throws Exception {
    if (system != null) {
      edge.close();
      system.close();
      browser.close();
    }
  }

  @BeforeEach
  void openPage() {
    actions = List.of("subscribe", "history", "ledger");
    page = browser.open();
    page.onPageError(complaints::add);
  }

  @AfterEach
  void nothingWentWrongOnThePage() {
    page.close();
    assertThat(complaints).as("errors on the page").isEmpty();
  }

  @Test
  void aFinishedRunIsScrubbedThroughByKeysButtonsAndSlider() {
    Locator drawer = openDrawer();
    whole(drawer);
    at(drawer, written);
    assertThat(text(drawer)).isEqualTo(words(WORDS));
    assertThat(drawer.locator(".drawer-where")).containsText("RUN_FINISHED");

    page.keyboard().press("ArrowLeft"); // the end
    page.keyboard().press("ArrowLeft"); // the message's
    page.keyboard().press("ArrowLeft"); // its last word
    at(drawer, written - 3);
    assertThat(text(drawer)).isEqualTo(words(WORDS - 1));
    assertThat(drawer.locator("[aria-current=true] .event-type"))
        .hasText("TEXT_MESSAGE_CONTENT", within());

    page.keyboard().press("Home");
    at(drawer, 0);
    drawer.getByLabel("One event on").click();
    at(drawer, 1);
    assertThat(drawer.locator(".drawer-where")).containsText("RUN_STARTED");
    Locator slider = drawer.getByLabel("Position in the run");
    slider.focus();
    page.keyboard().press("ArrowRight");
    page.keyboard().press("ArrowRight");
    at(drawer, 3);
    assertThat(slider.getAttribute("aria-valuetext")).startsWith("Event 3 of " + written);

    page.keyboard().press("Escape");
    assertThat(drawer).hasCount(0);
  }

  @Test
  void playsToTheEndAtAnySpeed() {
    Locator drawer = openDrawer();
    whole(drawer);
    for (String speed : List.of("1×", "10×", "Max")) {
      page.keyboard().press("Home");
      at(drawer, 0);
      drawer.locator(".choice").getByText(speed).click();
      drawer.locator("#drawer-play").click();
      at(drawer, written);
      assertThat(drawer).hasAttribute("data-playing", "false", patience());
      assertThat(text(drawer)).isEqualTo(words(WORDS));
    }
  }

  @Test
  void anAnswerThatIsCutOffIsContinued() {
    List<String> asked = new ArrayList<>();
    page.route(REPLAYS, route -> cutTheFirst(route, asked));

    Locator drawer = openDrawer();

    whole(drawer);
    at(drawer, written);
    assertThat(text(drawer)).isEqualTo(words(WORDS));
    assertThat(asked).hasSize(2);
    assertThat(asked.get(1)).contains("after=", "to=", "runs=" + RUN);
  }

  @Test
  void aTokenThatMayNotReadThePastIsTold() {
    actions = List.of("subscribe", "ledger");

    Locator drawer = openDrawer();

    assertThat(drawer).hasAttribute("data-status", "forbidden", patience());
    assertThat(drawer.getByRole(com.microsoft.playwright.options.AriaRole.ALERT))
        .containsText("This token may not read the past");
    assertThat(drawer).hasAttribute("data-length", "0");
  }

  @Test
  void aLedgerThatIsNotWholeIsTold() {
    page.route(
        "**/v1/runs?limit=*",
        route -> {
          String answer = route.fetch().text();
          route.fulfill(
              new Route.FulfillOptions()
                  .setContentType("application/json")
                  .setBody(answer.substring(0, answer.length() - 1) + ",\"partial\":true}"));
        });
    page.navigate("http://localhost:" + edge.port() + "/");
    assertThat(page.locator(".runs .notice"))
        .containsText(
            "Some runs may be missing here",
            new LocatorAssertions.ContainsTextOptions().setTimeout(PATIENCE_MS));
    assertThat(page.locator(".run-row")).hasCount(1);
  }

  private Locator openDrawer() {
    page.navigate("http://localhost:" + edge.port() + "/");
    page.getByLabel("Replay run " + RUN).click(new Locator.ClickOptions().setTimeout(PATIENCE_MS));
    Locator drawer = page.locator("#drawer");
    assertThat(drawer).isVisible();
    return drawer;
  }

  /** Answers the first time without the second half, in the middle of a line. */
  private static void cutTheFirst(Route route, List<String> asked) {
    asked.add(route.request().url());
    APIResponse answer = route.fetch();
    Route.FulfillOptions options = new Route.FulfillOptions().setResponse(answer);
    if (asked.size() == 1) {
      String whole = answer.text();
      options.setBody(whole.substring(0, whole.length() / 2));
    }
    route.fulfill(options);
  }

  private static void whole(Locator drawer) {
    assertThat(drawer).hasAttribute("data-status", "whole", patience());
    assertThat(drawer).hasAttribute("data-length", Integer.toString(written));
  }

  private static void at(Locator drawer, int position) {
    assertThat(drawer).hasAttribute("data-position", Integer.toString(position), patience());
  }

  private static String text(Locator drawer) {
    return drawer.locator(".said[data-role=assistant]").textContent();
  }

  private static String words(int count) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      text.append("word ").append(i).append(" größer ✓ ");
    }
    return text.toString();
  }

  private static void write() {
    try (AgentRun run =
        system
            .producer()
            .startRun(RunOptions.onThread(THREAD).withRun(RUN).withInput("What is a cursor?"))) {
      run.reasoning("It is asked for a cursor.");
      try (ToolCall call = run.toolCall("search", Map.of("q", "cursor"))) {
        call.result("schemas/src/main/java/io/runwire/cursor/Cursor.java");
      }
      try (TextMessage message = run.message()) {
        for (int i = 0; i < WORDS; i++) {
          message.delta("word " + i + " größer ✓ ");
        }
      }
      run.complete();
    }
  }

  private static LocatorAssertions.HasAttributeOptions patience() {
    return new LocatorAssertions.HasAttributeOptions().setTimeout(PATIENCE_MS);
  }

  private static LocatorAssertions.HasTextOptions within() {
    return new LocatorAssertions.HasTextOptions().setTimeout(PATIENCE_MS);
  }

  /** Gives tokens for what the test says. */
  private static final class Granting implements Playground {
    @Override
    public Token token(String subject, Duration ttl, List<String> threads, List<String> asked) {
      return system.tokens().issue(subject, ttl, threads, actions);
    }

    @Override
    public DemoRun start(String question, String thread) {
      throw new UnsupportedOperationException("no demo here");
    }

    @Override
    public List<String> edges() {
      return List.of("ws://localhost:" + edge.port() + "/v1/ws");
    }
  }
}
