package io.runwire.frame;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.runwire.event.Ids;
import io.runwire.fold.RunPosition;
import io.runwire.frame.ClientFrame.Ack;
import io.runwire.frame.ClientFrame.Auth;
import io.runwire.frame.ClientFrame.From;
import io.runwire.frame.ClientFrame.Malformed;
import io.runwire.frame.ClientFrame.Ping;
import io.runwire.frame.ClientFrame.Subscribe;
import io.runwire.frame.ClientFrame.Unsubscribe;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads a client's frame from its text. Never throws on bad input: that is {@link Malformed}. */
public final class ClientFrameReader {
  /** Most runs that a resuming client may name. */
  public static final int MAX_RUNS = 64;

  private static final int MAX_DEPTH = 8; // the deepest frame of ours has three levels
  private static final int MAX_TOKEN = 16 << 10;

  // Names are not kept: clients would choose what fills the table that all sockets share, and names
  // made to collide in it end in an IllegalStateException.
  private static final ObjectMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
                  .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                  .build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private ClientFrameReader() {}

  /** Reads one frame. */
  public static ClientFrame read(String text) {
    JsonNode json;
    try {
      json = MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      return new Malformed(Optional.empty(), "not one JSON object whose fields stand once");
    }
    if (!json.isObject()) {
      return new Malformed(Optional.empty(), "not a JSON object");
    }
    try {
      return parse(json);
    } catch (Mistake mistake) {
      return new Malformed(idIfReadable(json), mistake.detail);
    }
  }

  private static ClientFrame parse(JsonNode json) throws Mistake {
    String op = string(json, "op", 20).orElseThrow(() -> new Mistake("op: absent"));
    return switch (op) {
      case "auth" -> {
        only(json, "op", "token");
        yield new Auth(require(json, "token", MAX_TOKEN));
      }
      case "subscribe" -> subscribe(json);
      case "unsubscribe" -> {
        only(json, "op", "id", "thread");
        yield new Unsubscribe(id(json), thread(json));
      }
      case "ack" -> {
        only(json, "op", "thread", "cursor");
        yield new Ack(thread(json), require(json, "cursor", MAX_TOKEN));
      }
      case "ping" -> {
        only(json, "op");
        yield new Ping();
      }
      default -> throw new Mistake("op: unknown '" + Ids.printable(op) + "'");
    };
  }

  private static Subscribe subscribe(JsonNode json) throws Mistake {
    only(json, "op", "id", "thread", "run", "after", "runs", "from", "ack");
    Optional<String> run = string(json, "run", Ids.MAX_LENGTH);
    if (run.isPresent() && !Ids.valid(run.get())) {
      throw new Mistake("run: not an id");
    }
    JsonNode ack = json.path("ack");
    if (!ack.isMissingNode() && !ack.isBoolean()) {
      throw new Mistake("ack: expected true or false");
    }
    return new Subscribe(
        id(json),
        thread(json),
        run,
        string(json, "after", MAX_TOKEN),
        runs(json.path("runs")),
        from(string(json, "from", 20).orElse("latest")),
        ack.asBoolean(false));
  }

  /** The point named by {@code from}, as frames and queries spell it. */
  public static Optional<From> fromNamed(String name) {
    return switch (name) {
      case "earliest" -> Optional.of(From.EARLIEST);
      case "open" -> Optional.of(From.OPEN);
      case "latest" -> Optional.of(From.LATEST);
      default -> Optional.empty();
    };
  }

  private static From from(String name) throws Mistake {
    return fromNamed(name)
        .orElseThrow(() -> new Mistake("from: expected earliest, open or latest"));
  }

  private static Map<String, RunPosition> runs(JsonNode json) throws Mistake {
    if (json.isMissingNode()) {
      return Map.of();
    }
    if (!json.isObject() || json.size() > MAX_RUNS) {
      throw new Mistake("runs: expected an object of at most " + MAX_RUNS + " runs");
    }
    Map<String, RunPosition> runs = new LinkedHashMap<>(); // in the client's order, oldest first
    for (Map.Entry<String, JsonNode> entry : json.properties()) {
      JsonNode pair = entry.getValue();
      if (!Ids.valid(entry.getKey())
          || !pair.isArray()
          || pair.size() != 2
          || !pair.get(0).isInt()
          || !pair.get(1).canConvertToLong()
          || !pair.get(1).isIntegralNumber()
          || pair.get(0).asInt() < 1
          || pair.get(1).asLong() < 1) {
        throw new Mistake("runs: expected {run: [attempt, seq]}");
      }
      runs.put(entry.getKey(), RunPosition.at(pair.get(0).asInt(), pair.get(1).asLong()));
    }
    return runs;
  }

  private static long id(JsonNode json) throws Mistake {
    return idIfReadable(json).orElseThrow(() -> new Mistake("id: expected an integer >= 0"));
  }

  private static Optional<Long> idIfReadable(JsonNode json) {
    JsonNode id = json.path("id");
    return id.isIntegralNumber() && id.canConvertToLong() && id.asLong() >= 0
        ? Optional.of(id.asLong())
        : Optional.empty();
  }

  private static String thread(JsonNode json) throws Mistake {
    String thread = require(json, "thread", Ids.MAX_LENGTH);
    if (!Ids.valid(thread)) {
      throw new Mistake("thread: not an id");
    }
    return thread;
  }

  private static String require(JsonNode json, String name, int maxLength) throws Mistake {
    return string(json, name, maxLength).orElseThrow(() -> new Mistake(name + ": absent"));
  }

  private static Optional<String> string(JsonNode json, String name, int maxLength) throws Mistake {
    JsonNode node = json.path(name);
    if (node.isMissingNode()) {
      return Optional.empty();
    }
    if (!node.isTextual() || node.textValue().length() > maxLength) {
      throw new Mistake(name + ": expected a string of at most " + maxLength + " chars");
    }
    return Optional.of(node.textValue());
  }

  private static void only(JsonNode json, String... names) throws Mistake {
    Set<String> known = Set.of(names);
    for (Iterator<String> fields = json.fieldNames(); fields.hasNext(); ) {
      String field = fields.next();
      if (!known.contains(field)) {
        throw new Mistake("unknown field '" + Ids.printable(field) + "'");
      }
    }
  }

  /** Carries the detail out of the nested reads; never leaves this class. */
  private static final class Mistake extends Exception {
    final String detail;

    Mistake(String detail) {
      super(detail, null, false, false);
      this.detail = detail;
    }
  }
}
