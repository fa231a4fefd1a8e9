package io.runwire.loadtest.measure;

/**
 * What a run says, whatever pieces its text came in: {@code RUN_STARTED TEXT_MESSAGE_START "Hello"
 * TEXT_MESSAGE_END RUN_FINISHED}.
 */
final class Story {
  private final StringBuilder told = new StringBuilder();
  private boolean inText;

  void event(String type) {
    told.append(inText ? "\" " : told.isEmpty() ? "" : " ").append(type);
    inText = false;
  }

  void text(String piece) {
    told.append(inText ? "" : " \"").append(piece);
    inText = true;
  }

  @Override
  public String toString() {
    return told.toString();
  }
}
