package io.runwire.langchain4j;

import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingHandle;
import dev.langchain4j.service.TokenStream;
import dev.langchain4j.service.tool.ToolExecution;
import io.runwire.producer.runner.Agent;
import io.runwire.producer.runner.AgentContext;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;

/**
 * An AI service that streams, as an agent:
 *
 * <pre>{@code
 * AgentRunner runner = AgentRunner.over(Runwire.connect("localhost:9092"));
 * runner.run("assistant", thread, question, StreamingAgent.of(() -> assistant.chat(question)));
 * }</pre>
 *
 * <p>Text, thinking, tool calls with arguments and results appear in the run as they come. The
 * run's time limit, attempts and breaker are the runner's. A cancellation cancels the model's
 * stream; a tool that LangChain4j is running then runs on, and its result is refused.
 */
public final class StreamingAgent implements Agent {
  private final Supplier<TokenStream> chat;

  private StreamingAgent(Supplier<TokenStream> chat) {
    this.chat = chat;
  }

  /**
   * @param chat asked once per attempt; the stream must not have been started, nor have handlers
   */
  public static Agent of(Supplier<TokenStream> chat) {
    return new StreamingAgent(chat);
  }

  @Override
  public void run(AgentContext context) throws Exception {
    CompletableFuture<ChatResponse> response = new CompletableFuture<>();
    Narration narration = new Narration(context.run());
    chat.get()
        .onPartialResponseWithContext(
            (piece, from) -> {
              if (goesOn(context, from.streamingHandle())) {
                narration.text(piece.text());
              }
            })
        .onPartialThinkingWithContext(
            (piece, from) -> {
              if (goesOn(context, from.streamingHandle())) {
                narration.thinking(piece.text());
              }
            })
        .onPartialToolCallWithContext(
            (piece, from) -> {
              if (goesOn(context, from.streamingHandle())) {
                narration.partialCall(piece);
              }
            })
        .beforeToolExecution(before -> narration.call(before.request()))
        .onToolExecuted(executed -> told(narration, executed))
        .onIntermediateResponse(intermediate -> narration.endOfText())
        .onCompleteResponse(response::complete)
        .onError(response::completeExceptionally)
        .start();
    try {
      context.await(response);
      narration.close();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }

  /**
   * Cancels a stream that nobody waits for; a piece that comes is the moment at which it can be.
   */
  private static boolean goesOn(AgentContext context, StreamingHandle stream) {
    if (context.cancelled()) {
      stream.cancel();
      return false;
    }
    return true;
  }

  private static void told(Narration narration, ToolExecution executed) {
    narration.result(executed.request(), String.valueOf(executed.result()), executed.hasFailed());
  }
}
