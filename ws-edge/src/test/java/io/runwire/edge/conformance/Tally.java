package io.runwire.edge.conformance;

import io.runwire.edge.PublishedPage;
import io.runwire.edge.conformance.Case.On;
import io.runwire.edge.conformance.Case.Rule;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** What was tried and what passed, by section. */
final class Tally {
  private static final String HEAD =
      """
      # Conformance to RFC 6455

      Some three hundred conversations over raw sockets, in the sections in which WebSocket test suites usually
      sort them; 8 is not used, and 11 to 13 are about compression, which an edge refuses (a
      compressing connection costs 110 KB and more). The command prints this table:

      ```
      ./mvnw -pl ws-edge -am verify -Dtest=ConformanceTest -Dsurefire.failIfNoSpecifiedTests=false
      ```

      An edge sends no message back. So what must be *refused*, answered (pings) or closed is tried on the edge
      itself; where the bytes of a message must be seen to arrive, an echo stands behind the edge's own
      socket bounds and its own assembly of messages (`EchoServer`).

      """;

  private static final String NARROWER =
      """

      Where the contract is narrower than the RFC lets a server be, the contract decides what passes:

      """;

  private final Map<Section, Count> counts = new LinkedHashMap<>();
  private final Map<Rule, Integer> rules = new EnumMap<>(Rule.class);

  void begun(Section section, Case each) {
    Count count = counts.computeIfAbsent(section, s -> new Count());
    count.cases++;
    count.onEcho += each.on() == On.ECHO ? 1 : 0;
    rules.merge(each.rule(), 1, Integer::sum);
  }

  void passed(Section section) {
    counts.computeIfAbsent(section, s -> new Count()).passed++;
  }

  String table() {
    StringBuilder table = new StringBuilder();
    table.append("| section | cases | on the edge | on the echo | passed |\n");
    table.append("|---|---:|---:|---:|---:|\n");
    Count all = new Count();
    counts.forEach(
        (section, count) -> {
          table.append(row(section.number() + " " + section.title(), count));
          all.cases += count.cases;
          all.onEcho += count.onEcho;
          all.passed += count.passed;
        });
    return table.append(row("all", all)).toString();
  }

  PublishedPage page() {
    StringBuilder page = new StringBuilder(HEAD).append(table()).append(NARROWER);
    rules.forEach(
        (rule, cases) -> {
          if (rule != Rule.RFC) {
            page.append("- ").append(rule.words).append(": ").append(cases).append(" cases.\n");
          }
        });
    return new PublishedPage("conformance.md", page.toString());
  }

  private static String row(String title, Count count) {
    return String.format(
        "| %s | %d | %d | %d | %d |\n",
        title, count.cases, count.cases - count.onEcho, count.onEcho, count.passed);
  }

  private static final class Count {
    int cases;
    int onEcho;
    int passed;
  }
}
