package io.runwire.deploy.demo;

import io.runwire.deploy.demo.Ranking.Ranked;
import io.runwire.deploy.demo.SourceFolder.Entry;
import io.runwire.deploy.demo.SourceFolder.Listing;
import io.runwire.producer.Reasoning;
import io.runwire.producer.RunScope;
import io.runwire.producer.Step;
import io.runwire.producer.TextMessage;
import io.runwire.producer.runner.AgentContext;
import io.runwire.producer.runner.ToolException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Answers a question about a folder of text files: lists them, searches them for the question's
 * keywords, reads the most telling ones and quotes them. Everything that it shows is true: the
 * tools' arguments, results and durations, and each quoted line.
 *
 * <p>Several answers may be given at once.
 */
public final class DemoAgent {
  /** How many files it reads and quotes. */
  static final int FILES_TO_READ = 3;

  /** What it shows of a file that it read. */
  private static final int MAX_SHOWN_CHARS = 20_000;

  private final Path folder;
  private final Typist typist;

  /** One that can be followed by reading. */
  public DemoAgent(Path folder) {
    this(folder, Pace.READING);
  }

  public DemoAgent(Path folder, Pace pace) {
    this.folder = folder;
    this.typist = new Typist(pace);
  }

  /**
   * What came of a question.
   *
   * @param keywords what was looked for
   * @param files how many files were searched
   * @param quotes places that the answer quotes, {@code file:first-last}
   */
  public record Outcome(List<String> keywords, int files, List<String> quotes) {}

  /**
   * Answers the question in one attempt of a run, whose result is an {@link Outcome}.
   *
   * @throws IOException where the folder cannot be listed
   * @throws InterruptedException when nobody waits for the answer any more
   */
  public void answer(AgentContext context, String question) throws Exception {
    context.result(work(context, question));
  }

  private Outcome work(AgentContext context, String question) throws Exception {
    RunScope run = context.run();
    List<Keyword> keywords = Keyword.in(question);
    if (keywords.isEmpty()) {
      say(run, Findings.nothingAsked());
      return new Outcome(List.of(), 0, List.of());
    }
    think(run, "I look for " + words(keywords) + ". First: what is there to search?");
    SourceFolder source = SourceFolder.open(folder);
    Listing listing;
    try (Step step = run.step("list")) {
      listing = list(context, source);
    }
    List<Hits> hits = new ArrayList<>();
    try (Step step = run.step("search")) {
      for (Keyword keyword : keywords) {
        hits.add(search(context, source, listing, keyword));
        typist.breath();
      }
    }
    Ranking ranking = new Ranking(listing);
    List<Ranked> ranked = ranking.rank(hits);
    think(run, Findings.thoughts(ranked));
    List<Quote> quotes = new ArrayList<>();
    try (Step step = run.step("read")) {
      Map<Keyword, Double> weights = new HashMap<>();
      hits.forEach(found -> weights.put(found.keyword(), ranking.weight(found)));
      for (Ranked best : ranked.subList(0, Math.min(ranked.size(), FILES_TO_READ))) {
        read(context, source, best.file())
            .ifPresent(lines -> quotes.add(Quote.best(best.file(), lines, weights)));
        typist.breath();
      }
    }
    say(run, new Findings(listing, hits, quotes).answer());
    return new Outcome(
        keywords.stream().map(Keyword::word).toList(),
        listing.files().size(),
        quotes.stream().map(Quote::place).toList());
  }

  private static Listing list(AgentContext context, SourceFolder source) throws Exception {
    return context.tool("list_files", Map.of("folder", "."), source::list, DemoAgent::report);
  }

  private static ListReport report(Listing listing) {
    Map<String, Long> kinds =
        listing.files().stream()
            .collect(
                Collectors.groupingBy(
                    file -> kind(file.name()), TreeMap::new, Collectors.counting()));
    return new ListReport(listing.files().size(), listing.bytes(), listing.complete(), kinds);
  }

  private static Hits search(
      AgentContext context, SourceFolder source, Listing listing, Keyword keyword)
      throws Exception {
    return context.tool(
        "search",
        Map.of("word", keyword.word()),
        () -> new Hits(keyword, filesWith(keyword, source, listing)),
        Hits::report);
  }

  private static Map<String, Integer> filesWith(
      Keyword keyword, SourceFolder source, Listing listing) throws InterruptedException {
    Map<String, Integer> found = new HashMap<>();
    for (Entry file : listing.files()) {
      if (Thread.interrupted()) { // its time is up, or the run was cancelled
        throw new InterruptedException();
      }
      int lines = linesWith(keyword, source, file.name());
      if (lines > 0) {
        found.put(file.name(), lines);
      }
    }
    return found;
  }

  private static int linesWith(Keyword keyword, SourceFolder source, String file) {
    try {
      List<String> lines = source.read(file).orElse(List.of());
      return (int) lines.stream().filter(keyword::isIn).count();
    } catch (IOException e) {
      return 0; // it went away, or grew, since it was listed: as if it had not been there
    }
  }

  private static Optional<List<String>> read(AgentContext context, SourceFolder source, String file)
      throws Exception {
    try {
      return context.tool(
          "read_file",
          Map.of("file", file),
          () -> source.read(file),
          lines -> lines.map(DemoAgent::shown).orElse("no text"));
    } catch (IOException | ToolException e) {
      return Optional.empty(); // the user sees it; the answer does without
    }
  }

  private void think(RunScope run, String text) throws InterruptedException {
    try (Reasoning reasoning = run.reasoning()) {
      typist.type(text, reasoning::delta);
    }
    typist.breath();
  }

  private void say(RunScope run, String text) throws InterruptedException {
    try (TextMessage message = run.message()) {
      typist.type(text, message::delta);
    }
  }

  private static String shown(List<String> lines) {
    String text = String.join("\n", lines);
    return text.length() <= MAX_SHOWN_CHARS
        ? text
        : text.substring(0, MAX_SHOWN_CHARS) + "\n… (" + lines.size() + " lines in all)";
  }

  private static String kind(String file) {
    String name = file.substring(file.lastIndexOf('/') + 1);
    int dot = name.lastIndexOf('.');
    return dot < 0 ? "other" : name.substring(dot + 1);
  }

  private static String words(List<Keyword> keywords) {
    return keywords.stream()
        .map(keyword -> "“" + keyword.word() + "”")
        .collect(Collectors.joining(", "));
  }

  private record ListReport(int files, long bytes, boolean complete, Map<String, Long> kinds) {}
}
