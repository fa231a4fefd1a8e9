package io.runwire.langchain4j;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.invocation.InvocationContext;
import dev.langchain4j.invocation.InvocationParameters;
import dev.langchain4j.observability.api.event.AiServiceEvent;
import dev.langchain4j.observability.api.event.AiServiceResponseReceivedEvent;
import dev.langchain4j.observability.api.event.ToolExecutedEvent;
import dev.langchain4j.observability.api.listener.AiServiceListener;
import io.runwire.producer.RunScope;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * Writes what an AI service that does not stream says and calls into the run of the invocation.
 * Registered once, with the service; each invocation brings its run along:
 *
 * <pre>{@code
 * Assistant assistant = AiServices.builder(Assistant.class)….registerListeners(RunwireListener.all()).build();
 * String answer = assistant.chat(question, RunwireListener.in(context.run()));
 * }</pre>
 *
 * where {@code chat} has a parameter of the type {@link InvocationParameters}. An invocation
 * without a run is not written.
 */
public final class RunwireListener<E extends AiServiceEvent> implements AiServiceListener<E> {
  private static final String NARRATION = "runwire.narration";

  private final Class<E> type;
  private final BiConsumer<Narration, E> telling;

  private RunwireListener(Class<E> type, BiConsumer<Narration, E> telling) {
    this.type = type;
    this.telling = telling;
  }

  /** For a service's {@code registerListeners}. */
  public static List<AiServiceListener<?>> all() {
    return List.of(
        new RunwireListener<>(
            AiServiceResponseReceivedEvent.class,
            (narration, event) -> tell(narration, event.response().aiMessage())),
        new RunwireListener<>(
            ToolExecutedEvent.class,
            (narration, event) -> narration.result(event.request(), event.resultText(), false)));
  }

  /** What makes an invocation write into the run. */
  public static InvocationParameters in(RunScope run) {
    return InvocationParameters.from(NARRATION, new Narration(run));
  }

  @Override
  public Class<E> getEventClass() {
    return type;
  }

  @Override
  public void onEvent(E event) {
    InvocationContext invocation = event.invocationContext();
    InvocationParameters parameters = invocation.invocationParameters();
    if (parameters != null && parameters.containsKey(NARRATION)) {
      Narration narration = parameters.get(NARRATION);
      telling.accept(narration, event);
    }
  }

  private static void tell(Narration narration, AiMessage said) {
    if (said.thinking() != null && !said.thinking().isEmpty()) {
      narration.thinking(said.thinking());
    }
    if (said.text() != null && !said.text().isEmpty()) {
      narration.text(said.text());
    }
    narration.endOfText();
    said.toolExecutionRequests().forEach(narration::call);
  }
}
