package io.runwire.deploy.replay;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintStream;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Writes a replay for a person to read: who did what, and how long into the run. Text and arguments
 * that were streamed in pieces are joined; each stands where it ended, with the time of its first
 * piece. Holds what is being written at the moment.
 */
public final class Transcript implements ReplayReader {
  /** What is longer is printed in parts. */
  private static final int MOST_CHARS = 1 << 16;

  private final PrintStream out;
  private final ZoneId zone;
  private final DateTimeFormatter clock;
  private final Map<String, Long> startedAt = new LinkedHashMap<>();
  private final Map<String, Draft> drafts = new LinkedHashMap<>();
  private String lastRun = "";

  /** What an agent is writing in pieces. */
  private static final class Draft {
    final String label;
    final long sinceMs;
    final StringBuilder text = new StringBuilder();
    final Shown shown = new Shown();

    Draft(String label, long sinceMs) {
      this.label = label;
      this.sinceMs = sinceMs;
    }
  }

  /**
   * @param zone in which times are told
   */
  public Transcript(PrintStream out, ZoneId zone) {
    this.out = out;
    this.zone = zone;
    this.clock = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS", Locale.ROOT).withZone(zone);
  }

  @Override
  public void record(ReplayRecord record) {
    record.evidence().ifPresent(found -> givenUp(record, found));
    JsonNode event = record.event();
    String message = record.run() + "/m/" + event.path("messageId").asText();
    String call = record.run() + "/t/" + event.path("toolCallId").asText();
    switch (record.type()) {
      case "RUN_STARTED" -> started(record);
      case "RUN_FINISHED" -> ended(record, "finished", "");
      case "RUN_ERROR" ->
          ended(
              record,
              record.json().path("final").asBoolean(true) ? "failed" : "attempt failed",
              ": " + event.path("code").asText("") + " " + event.path("message").asText());
      case "TEXT_MESSAGE_START" -> draft(record, message, event.path("role").asText("assistant"));
      case "REASONING_MESSAGE_START" -> draft(record, message, "thinks");
      case "TEXT_MESSAGE_CONTENT", "TEXT_MESSAGE_CHUNK" -> write(record, message, "assistant");
      case "REASONING_MESSAGE_CONTENT", "REASONING_MESSAGE_CHUNK" ->
          write(record, message, "thinks");
      case "TEXT_MESSAGE_END", "REASONING_MESSAGE_END" -> finish(record, message);
      case "TOOL_CALL_START" -> draft(record, call, "-> " + event.path("toolCallName").asText());
      case "TOOL_CALL_ARGS", "TOOL_CALL_CHUNK" ->
          write(record, call, "-> " + event.path("toolCallName").asText("tool"));
      case "TOOL_CALL_END" -> finish(record, call);
      case "TOOL_CALL_RESULT" ->
          line(record, record.timestampMs(), "<- " + event.path("content").asText());
      case "STEP_STARTED" ->
          line(record, record.timestampMs(), "step " + event.path("stepName").asText());
      case "CUSTOM" ->
          line(
              record,
              record.timestampMs(),
              event.path("name").asText() + " " + event.path("value"));
      default -> {
        // brackets and snapshots, which say nothing that a person would miss
      }
    }
  }

  @Override
  public void gap(JsonNode gap) {
    out.println("-- " + gap.path("reason").asText() + ": records are missing here");
  }

  @Override
  public void end(String cursor, long events) {
    drafts.forEach((key, draft) -> out.println("-- unfinished: " + draft.label + " " + draft.text));
    out.printf("-- %,d events; goes on at %s%n", events, cursor);
    out.flush();
  }

  private void started(ReplayRecord record) {
    startedAt.put(record.run(), record.timestampMs());
    lastRun = record.run();
    out.printf(
        "== %s  run %s of %s, attempt %d%n",
        clock.format(Instant.ofEpochMilli(record.timestampMs())),
        record.run(),
        record.thread(),
        record.attempt());
    JsonNode messages = record.event().path("input").path("messages");
    for (JsonNode message : messages) {
      if (message.path("role").asText().equals("user")) {
        text(record, record.timestampMs(), "user: " + message.path("content").asText());
      }
    }
    Shown shown = new Shown();
    shown.add(record);
    shown.tell(zone, record.timestampMs(), this::aside);
  }

  private void ended(ReplayRecord record, String how, String why) {
    drafts.keySet().stream()
        .filter(key -> key.startsWith(record.run() + "/"))
        .toList()
        .forEach(key -> print(record, key));
    line(record, record.timestampMs(), how + " after " + record.seq() + " events" + why);
    startedAt.remove(record.run());
  }

  private void draft(ReplayRecord record, String key, String label) {
    Draft draft = new Draft(label, record.timestampMs());
    draft.shown.add(record);
    drafts.put(key, draft);
  }

  private void write(ReplayRecord record, String key, String label) {
    Draft draft = drafts.computeIfAbsent(key, first -> new Draft(label, record.timestampMs()));
    draft.text.append(record.event().path("delta").asText());
    draft.shown.add(record);
    if (draft.text.length() > MOST_CHARS) {
      print(record, key);
    }
  }

  private void finish(ReplayRecord record, String key) {
    Draft draft = drafts.get(key);
    if (draft != null) {
      draft.shown.add(record);
      print(record, key);
    }
  }

  private void print(ReplayRecord record, String key) {
    Draft draft = drafts.remove(key);
    if (draft != null) {
      String separator = draft.label.startsWith("->") ? " " : ": ";
      text(record, draft.sinceMs, draft.label + separator + draft.text);
      draft.shown.tell(zone, draft.sinceMs, this::aside);
    }
  }

  /** Of an item that is one event. */
  private void line(ReplayRecord record, long atMs, String text) {
    text(record, atMs, text);
    Shown shown = new Shown();
    shown.add(record);
    shown.tell(zone, atMs, this::aside);
  }

  private void givenUp(ReplayRecord record, Evidence found) {
    found.givenUp().forEach(each -> aside(Shown.told(each, zone, record.timestampMs())));
  }

  /** What is not of the run. */
  private void aside(String text) {
    out.println(" ".repeat(13) + "| " + printable(text));
  }

  /** Further lines of a text are set in; other controls could move the reader's cursor. */
  private void text(ReplayRecord record, long atMs, String text) {
    if (!record.run().equals(lastRun)) {
      lastRun = record.run();
      out.println("== run " + record.run());
    }
    long sinceMs = atMs - startedAt.getOrDefault(record.run(), atMs);
    out.printf(Locale.ROOT, "%+11.3f  %s%n", sinceMs / 1e3, printable(text));
  }

  private static String printable(String text) {
    return text.stripTrailing()
        .replaceAll("[\\p{Cntrl}&&[^\n\t]]+", " ")
        .replace("\n", "\n             ");
  }
}
