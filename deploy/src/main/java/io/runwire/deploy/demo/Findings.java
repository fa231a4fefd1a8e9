package io.runwire.deploy.demo;

import io.runwire.deploy.demo.Ranking.Ranked;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What the agent found, and how it says so.
 *
 * @param listing the files that it could look at
 * @param hits by keyword
 * @param quotes from the best files
 */
record Findings(SourceFolder.Listing listing, List<Hits> hits, List<Quote> quotes) {
  private static final String WHO_SPEAKS =
      "I am a keyword agent, not a language model: I search, read and quote what stands in the"
          + " files, and I understand none of it.";

  /** What the agent thinks of its searches before it reads. */
  static String thoughts(List<Ranked> ranked) {
    if (ranked.isEmpty()) {
      return "None of these words occurs anywhere. There is nothing to read.";
    }
    return "The rarer a word, the more it tells; a file that holds several of them, and is short,"
        + " tells most. By that measure "
        + ranked.stream()
            .limit(DemoAgent.FILES_TO_READ)
            .map(r -> String.format(Locale.ROOT, "%s (%.1f)", r.file(), r.score()))
            .collect(Collectors.joining(", "))
        + " come first. I read them.";
  }

  /** The answer, as Markdown. */
  String answer() {
    StringBuilder text = new StringBuilder(counts()).append("\n\n");
    if (!quotes.isEmpty()) {
      text.append(quotes.size() == 1 ? "This place says" : "These places say").append(" most:\n\n");
      quotes.forEach(quote -> text.append(quote.markdown()));
    }
    return text.append(
            String.format(
                Locale.ROOT,
                "I looked at %s%,d files (%,d KiB) and read %d of them. %s",
                listing.complete() ? "" : "the first ",
                listing.files().size(),
                listing.bytes() >> 10,
                quotes.size(),
                WHO_SPEAKS))
        .toString();
  }

  /** The answer to a question in which nothing can be looked for. */
  static String nothingAsked() {
    return "There is no word in your question to look for: the common ones are everywhere. Ask"
        + " about a name or a term that may stand in the files. "
        + WHO_SPEAKS;
  }

  private String counts() {
    List<String> parts = new ArrayList<>();
    for (Hits found : hits) {
      String word = "“" + found.keyword().word() + "”";
      parts.add(
          found.lines().isEmpty()
              ? word + " nowhere"
              : word
                  + " on "
                  + count(found.total(), "line")
                  + " of "
                  + count(found.lines().size(), "file"));
    }
    return "I find " + String.join(", ", parts) + ".";
  }

  private static String count(int n, String what) {
    return String.format(Locale.ROOT, "%,d %s%s", n, what, n == 1 ? "" : "s");
  }
}
