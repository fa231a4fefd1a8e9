package io.runwire.deploy.demo;

import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Writes text the way a language model does: in pieces of a few characters, at a pace. */
public final class Typist {
  /** Up to six letters or digits with the space before them, or whatever else stands alone. */
  private static final Pattern TOKEN = Pattern.compile("\\s?[\\p{L}\\p{N}]{1,6}|\\s+|[^\\s]");

  private final Pace pace;

  public Typist(Pace pace) {
    this.pace = pace;
  }

  /** Hands over the text piece by piece; together the pieces are the text. */
  public void type(String text, Consumer<String> delta) throws InterruptedException {
    Matcher token = TOKEN.matcher(text);
    while (token.find()) {
      pace.token();
      delta.accept(token.group());
    }
  }

  void breath() throws InterruptedException {
    pace.breath();
  }
}
