package io.runwire.deploy.play;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads a {@code .traj} file as a stream: recordings repeat the whole conversation in every step
 * and grow to many megabytes, of which only a few fields are kept.
 */
final class TrajectoryReader {
  /** No command of a recording took longer; what claims to is cut to it. */
  static final Duration MAX_EXECUTION = Duration.ofHours(1);

  private static final JsonFactory JSON = new JsonFactory();

  private final JsonParser parser;
  private @Nullable List<TrajectoryStep> steps;
  private Map<String, String> info = Map.of();

  private TrajectoryReader(JsonParser parser) {
    this.parser = parser;
  }

  static Trajectory read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file);
        JsonParser parser = JSON.createParser(in)) {
      return new TrajectoryReader(parser).read();
    } catch (JsonProcessingException e) {
      String place = e.getLocation() == null ? "" : " in line " + e.getLocation().getLineNr();
      throw new NotATrajectoryException(
          file + ": cannot be read as JSON" + place + ": " + e.getOriginalMessage(), e);
    } catch (Unexpected e) {
      throw new NotATrajectoryException(file + ": " + e.getMessage(), e);
    }
  }

  private Trajectory read() throws IOException, Unexpected {
    expect("the file", parser.nextToken(), JsonToken.START_OBJECT);
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      JsonToken value = parser.nextToken();
      switch (name) {
        case "trajectory" -> steps = steps(value);
        case "info" -> info = texts("info", value, "exit_status", "submission");
        default -> parser.skipChildren();
      }
    }
    if (steps == null || steps.isEmpty()) {
      throw new Unexpected("trajectory", steps == null ? "absent" : "empty", "an array of steps");
    }
    return new Trajectory(
        steps,
        Optional.ofNullable(info.get("exit_status")),
        Optional.ofNullable(info.get("submission")));
  }

  private List<TrajectoryStep> steps(@Nullable JsonToken token) throws IOException, Unexpected {
    expect("trajectory", token, JsonToken.START_ARRAY);
    List<TrajectoryStep> read = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      read.add(step("trajectory[" + read.size() + "]"));
    }
    return read;
  }

  private TrajectoryStep step(String path) throws IOException, Unexpected {
    Map<String, String> step =
        texts(
            path,
            parser.currentToken(),
            "thought",
            "response",
            "action",
            "observation",
            "execution_time");
    return new TrajectoryStep(
        step.getOrDefault("thought", ""),
        step.getOrDefault("response", ""),
        step.getOrDefault("action", ""),
        step.getOrDefault("observation", ""),
        seconds(path + ".execution_time", step.getOrDefault("execution_time", "0")));
  }

  /** The named fields of the object that begins here, those that are there and not null. */
  private Map<String, String> texts(String path, @Nullable JsonToken token, String... names)
      throws IOException, Unexpected {
    expect(path, token, JsonToken.START_OBJECT);
    List<String> wanted = List.of(names);
    Map<String, String> texts = new HashMap<>();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      JsonToken value = parser.nextToken();
      if (wanted.contains(name) && value != JsonToken.VALUE_NULL) {
        if (!value.isScalarValue()) {
          throw new Unexpected(path + "." + name, value.name(), "text");
        }
        texts.put(name, parser.getText());
      } else {
        parser.skipChildren();
      }
    }
    return texts;
  }

  private static Duration seconds(String path, String text) throws Unexpected {
    double seconds;
    try {
      seconds = Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new Unexpected(path, "'" + text + "'", "seconds");
    }
    if (!(seconds >= 0)) {
      throw new Unexpected(path, text, "seconds >= 0");
    }
    Duration time = Duration.ofNanos((long) (seconds * 1e9));
    return time.compareTo(MAX_EXECUTION) < 0 ? time : MAX_EXECUTION;
  }

  private static void expect(String path, @Nullable JsonToken found, JsonToken expected)
      throws Unexpected {
    if (found != expected) {
      throw new Unexpected(path, found == null ? "empty" : found.name(), expected.name());
    }
  }

  /** Something else than expected at a place of the file; never leaves this class. */
  private static final class Unexpected extends Exception {
    Unexpected(String path, String found, String expected) {
      super(path + ": " + found + " (expected: " + expected + ")");
    }
  }
}
