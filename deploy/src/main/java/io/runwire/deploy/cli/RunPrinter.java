package io.runwire.deploy.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.runwire.loadtest.drive.WireFrame;
import java.io.PrintStream;

/** Prints a thread's frames for a person to read: text as it streams, the rest as short lines. */
final class RunPrinter {
  private static final int LONGEST_LINE = 160;

  private final PrintStream out;
  private boolean inText;

  RunPrinter(PrintStream out) {
    this.out = out;
  }

  void print(WireFrame frame) {
    switch (frame.op()) {
      case "event" -> event(frame.json());
      case "gap" -> line("-- gap: " + frame.field("reason") + ", records are missing here");
      case "live" -> line("-- live");
      default -> {
        // welcome, subscribed, pong: nothing that a reader of the thread needs
      }
    }
  }

  private void event(JsonNode frame) {
    JsonNode event = frame.path("event");
    switch (event.path("type").asText()) {
      case "TEXT_MESSAGE_CONTENT", "REASONING_MESSAGE_CONTENT" -> text(event);
      case "RUN_STARTED" ->
          line("== run " + frame.path("run").asText() + ", attempt " + frame.path("attempt"));
      case "RUN_FINISHED" -> line("== finished, " + frame.path("seq") + " events");
      case "RUN_ERROR" ->
          line("== error " + event.path("code").asText() + ": " + event.path("message").asText());
      case "TOOL_CALL_START" -> line("-> " + event.path("toolCallName").asText());
      case "TOOL_CALL_ARGS" -> line("   " + event.path("delta").asText());
      case "TOOL_CALL_RESULT" -> line("<- " + event.path("content").asText());
      case "REASONING_MESSAGE_START" -> line("(thinking)");
      default -> {
        // brackets that need no line of their own
      }
    }
  }

  private void text(JsonNode event) {
    out.print(event.path("delta").asText());
    out.flush();
    inText = true;
  }

  private void line(String text) {
    if (inText) {
      out.println();
      inText = false;
    }
    String flat = text.replaceAll("\\p{Cntrl}+", " ");
    out.println(flat.length() > LONGEST_LINE ? flat.substring(0, LONGEST_LINE) + " …" : flat);
  }
}
