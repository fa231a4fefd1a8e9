package io.runwire.langchain4j;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.model.chat.response.PartialToolCall;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import io.runwire.producer.RunScope;

/**
 * Writes what a streaming model says into a run, and hands it on. One for all responses of a run:
 *
 * <pre>{@code
 * RunwireChatHandler handler = new RunwireChatHandler(run, mine);
 * model.chat(request, handler);
 * }</pre>
 *
 * <p>Whoever carries out the tool calls tells {@link #toolExecuted}. The run's end is its owner's:
 * an error is handed on, not written.
 *
 * <p>Called on the model's threads.
 */
public final class RunwireChatHandler implements StreamingChatResponseHandler {
  private final Narration narration;
  private final StreamingChatResponseHandler next;

  public RunwireChatHandler(RunScope run, StreamingChatResponseHandler next) {
    this.narration = new Narration(run);
    this.next = next;
  }

  @Override
  public void onPartialResponse(String piece) {
    narration.text(piece);
    next.onPartialResponse(piece);
  }

  @Override
  public void onPartialThinking(PartialThinking piece) {
    narration.thinking(piece.text());
    next.onPartialThinking(piece);
  }

  @Override
  public void onPartialToolCall(PartialToolCall piece) {
    narration.partialCall(piece);
    next.onPartialToolCall(piece);
  }

  @Override
  public void onCompleteToolCall(CompleteToolCall call) {
    narration.call(call.toolExecutionRequest());
    next.onCompleteToolCall(call);
  }

  @Override
  public void onCompleteResponse(ChatResponse response) {
    narration.endOfText();
    next.onCompleteResponse(response);
  }

  @Override
  public void onError(Throwable error) {
    narration.close();
    next.onError(error);
  }

  /** Shows what came of a tool call. */
  public void toolExecuted(ToolExecutionRequest call, ToolExecutionResultMessage result) {
    narration.result(call, result.text(), Boolean.TRUE.equals(result.isError()));
  }
}
