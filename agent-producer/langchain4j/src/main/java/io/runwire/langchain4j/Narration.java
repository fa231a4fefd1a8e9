package io.runwire.langchain4j;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.model.chat.response.PartialToolCall;
import io.runwire.producer.Reasoning;
import io.runwire.producer.RunScope;
import io.runwire.producer.TextMessage;
import io.runwire.producer.ToolCall;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A model's pieces put into a run's brackets: text and thinking open with their first piece and
 * close when something else comes, tool calls stay open until their result.
 *
 * <p>LangChain4j knows a call by the model's id, while it is streamed by its index, and where a
 * model gives no id by its name alone.
 *
 * <p>Thread-safe: models stream on one thread, tools may run on others.
 */
final class Narration {
  private static final String NO_ARGUMENTS = "{}";

  private final RunScope run;

  // Guarded by this.
  private @Nullable TextMessage text;
  private @Nullable Reasoning thinking;
  private final List<Call> calls = new ArrayList<>();

  Narration(RunScope run) {
    this.run = run;
  }

  private static final class Call {
    private final ToolCall call;
    private final String name;
    private Optional<String> id;
    private Optional<Integer> streamedAs; // its index while its arguments are coming

    Call(ToolCall call, String name, Optional<String> id, Optional<Integer> streamedAs) {
      this.call = call;
      this.name = name;
      this.id = id;
      this.streamedAs = streamedAs;
    }

    boolean is(ToolExecutionRequest request) {
      return id.isPresent() && request.id() != null
          ? id.get().equals(request.id())
          : name.equals(request.name());
    }
  }

  synchronized void text(String piece) {
    closeThinking();
    if (text == null) {
      text = run.message();
    }
    text.delta(piece);
  }

  synchronized void thinking(String piece) {
    closeText();
    if (thinking == null) {
      thinking = run.reasoning();
    }
    thinking.delta(piece);
  }

  synchronized void partialCall(PartialToolCall piece) {
    endOfText();
    Call call =
        calls.stream()
            .filter(known -> known.streamedAs.filter(i -> i == piece.index()).isPresent())
            .findFirst()
            .orElseGet(
                () ->
                    opened(
                        new Call(
                            run.toolCall(piece.name()),
                            piece.name(),
                            Optional.ofNullable(piece.id()),
                            Optional.of(piece.index()))));
    call.call.argsDelta(piece.partialArguments());
  }

  /** The call's arguments are complete; it has been streamed, or comes as a whole. */
  synchronized void call(ToolExecutionRequest request) {
    endOfText();
    Call call = find(request);
    if (call.streamedAs.isPresent()) {
      call.streamedAs = Optional.empty();
      call.id = Optional.ofNullable(request.id());
      call.call.argsComplete();
    }
  }

  synchronized void result(ToolExecutionRequest request, String result, boolean failed) {
    endOfText();
    Call call = find(request);
    calls.remove(call);
    try (ToolCall answered = call.call) {
      if (failed) {
        answered.failed(result);
      } else {
        answered.resultOrSize(result);
      }
    }
  }

  /** A response is complete; its tool calls wait for their results. */
  synchronized void endOfText() {
    closeText();
    closeThinking();
  }

  /** Nothing more comes. */
  synchronized void close() {
    endOfText();
    calls.forEach(call -> call.call.close());
    calls.clear();
  }

  private Call find(ToolExecutionRequest request) {
    return calls.stream()
        .filter(known -> known.is(request))
        .findFirst()
        .orElseGet(
            () ->
                opened(
                    new Call(
                        run.toolCall(request.name(), arguments(request)),
                        request.name(),
                        Optional.ofNullable(request.id()),
                        Optional.empty())));
  }

  private Call opened(Call call) {
    calls.add(call);
    return call;
  }

  private static String arguments(ToolExecutionRequest request) {
    String arguments = request.arguments();
    return arguments == null || arguments.isBlank() ? NO_ARGUMENTS : arguments;
  }

  private void closeText() {
    if (text != null) {
      text.close();
      text = null;
    }
  }

  private void closeThinking() {
    if (thinking != null) {
      thinking.close();
      thinking = null;
    }
  }
}
