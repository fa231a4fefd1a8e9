package io.runwire.deploy.demo;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * A word of the question that may tell where to look.
 *
 * @param word as it was asked
 * @param stem the word in lower case, without its commonest endings
 * @param pattern finds the stem with any of the endings, as a word or as a part of a name
 */
record Keyword(String word, String stem, Pattern pattern) {
  /** What is asked with more words than that is looked for by its first ones. */
  static final int MAX_KEYWORDS = 6;

  private static final int MIN_STEM = 3;
  private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}_]+");
  private static final List<String> ENDINGS = List.of("ing", "ies", "es", "ed", "s", "e");

  private static final String ANY_ENDING = String.join("|", ENDINGS) + "|ion|ions|y";

  /** Beside something that is no letter, or where camelCase goes from small to large. */
  private static final String PART_BORDER = "(?:(?<!\\p{L})|(?!\\p{L})|(?<=\\p{Ll})(?=\\p{Lu}))";

  private static final Set<String> COMMON =
      Set.of(
          ("a about after all also an and any are as at be because been before but by can could did"
                  + " do does done each every explain file files find for from get give had happen"
                  + " happens has have how if in into is it its just know let like list look make"
                  + " many me more most much must my new no not of on one only or other our out over"
                  + " please see should show so some source such tell than that the their them then"
                  + " there these they this those to two up use used uses using very was way we what"
                  + " when where which while who why will with without work works would you your")
              .split(" "));

  /** The keywords of a question, in its order, none twice. */
  static List<Keyword> in(String question) {
    Map<String, Keyword> byStem = new LinkedHashMap<>();
    for (MatchResult match : WORD.matcher(question).results().toList()) {
      String lower = match.group().toLowerCase(Locale.ROOT);
      if (!COMMON.contains(lower) && lower.length() >= MIN_STEM) {
        Keyword keyword = of(match.group());
        byStem.putIfAbsent(keyword.stem(), keyword);
      }
    }
    List<Keyword> keywords = new ArrayList<>(byStem.values());
    return keywords.subList(0, Math.min(keywords.size(), MAX_KEYWORDS));
  }

  /** The keyword that a word makes. */
  static Keyword of(String word) {
    String stem = stem(word.toLowerCase(Locale.ROOT));
    return new Keyword(
        word,
        stem,
        Pattern.compile(
            PART_BORDER
                + "(?iu:"
                + Pattern.quote(stem)
                + "(?:"
                + ANY_ENDING
                + ")?)"
                + PART_BORDER));
  }

  /** Whether the word occurs in the text, in whatever case. */
  boolean isIn(String text) {
    return pattern.matcher(text).find();
  }

  private static String stem(String word) {
    for (String ending : ENDINGS) {
      if (word.endsWith(ending) && word.length() - ending.length() > MIN_STEM) {
        return word.substring(0, word.length() - ending.length());
      }
    }
    return word;
  }
}
