package io.runwire.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.invocation.InvocationParameters;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.langchain4j.service.AiServices;
import dev.langchain4j.service.TokenStream;
import io.runwire.event.EventType;
import io.runwire.producer.AgentRun;
import io.runwire.producer.Runwire;
import io.runwire.producer.log.AgentEvent;
import io.runwire.producer.log.MemoryLog;
import io.runwire.producer.runner.Agent;
import io.runwire.producer.runner.AgentRunner;
import io.runwire.producer.runner.AgentSettings;
import io.runwire.producer.runner.Outcome;
import io.runwire.producer.runner.RunHandle;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** LangChain4j with its OpenAI client, against a server of ours. */
final class LangChain4jTest {
  private final MemoryLog log = new MemoryLog();
  private final Runwire runwire = Runwire.over(log);
  private final AgentRunner runner =
      AgentRunner.over(runwire, AgentSettings.DEFAULT.withAttempts(1));
  private final OpenAiStub openAi = new OpenAiStub();

  LangChain4jTest() throws IOException {}

  /** What a team has already. */
  interface Assistant {
    TokenStream chat(String question);
  }

  interface Speaker {
    String chat(@dev.langchain4j.service.UserMessage String question, InvocationParameters where);
  }

  static final class Weather {
    @Tool("The weather in a city")
    String weather(String city) {
      if (city.equals("Atlantis")) {
        throw new IllegalStateException("There is no Atlantis.");
      }
      if (city.equals("Everywhere")) {
        return "18 degrees, ".repeat(100_000);
      }
      return "18 degrees in " + city;
    }
  }

  @AfterEach
  void close() {
    runwire.close();
    openAi.close();
  }

  @Test
  void aStreamingServiceIsARunInTwoLines() {
    openAi.streams(
        "tool_calls",
        "{\"role\":\"assistant\",\"reasoning_content\":\"They want \"}",
        "{\"reasoning_content\":\"the weather.\"}",
        "{\"content\":\"Let me look.\"}",
        toolCall("call_1", "weather", "{\\\"city\\\""),
        arguments(":\\\"Munich\\\"}"));
    openAi.streams("stop", "{\"content\":\"It is \"}", "{\"content\":\"18 degrees.\"}");
    Assistant assistant = assistant();

    RunHandle run = run(StreamingAgent.of(() -> assistant.chat("Weather in Munich?")));

    assertThat(run.outcome().join()).isEqualTo(new Outcome.Finished(1));
    assertThat(types())
        .containsExactly(
            "RUN_STARTED",
            "REASONING_START",
            "REASONING_MESSAGE_START",
            "REASONING_MESSAGE_CONTENT",
            "REASONING_MESSAGE_CONTENT",
            "REASONING_MESSAGE_END",
            "REASONING_END",
            "TEXT_MESSAGE_START",
            "TEXT_MESSAGE_CONTENT",
            "TEXT_MESSAGE_END",
            "TOOL_CALL_START",
            "TOOL_CALL_ARGS",
            "TOOL_CALL_ARGS",
            "TOOL_CALL_END",
            "TOOL_CALL_RESULT",
            "TEXT_MESSAGE_START",
            "TEXT_MESSAGE_CONTENT",
            "TEXT_MESSAGE_CONTENT",
            "TEXT_MESSAGE_END",
            "RUN_FINISHED");
    assertThat(json(EventType.REASONING_MESSAGE_CONTENT)).contains("They want ");
    assertThat(json(EventType.TOOL_CALL_START)).contains("\"toolCallName\":\"weather\"");
    assertThat(json(EventType.TOOL_CALL_ARGS)).contains("\"delta\":\"{\\\"city\\\"\"");
    assertThat(json(EventType.TOOL_CALL_RESULT)).contains("18 degrees in Munich");
    assertThat(openAi.questions()).hasSize(2);
    assertThat(openAi.questions().get(1)).contains("18 degrees in Munich");
  }

  @Test
  void twoCallsAtOnceKeepTheirArgumentsAndResultsApart() {
    openAi.streams(
        "tool_calls",
        toolCall("call_1", "weather", "{\\\"city\\\":\\\"Munich\\\"}"),
        "{\"tool_calls\":[{\"index\":1,\"id\":\"call_2\",\"type\":\"function\",\"function\":"
            + "{\"name\":\"weather\",\"arguments\":\"{\\\"city\\\":\\\"Atlantis\\\"}\"}}]}");
    openAi.streams("stop", "{\"content\":\"Only one of them exists.\"}");
    Assistant assistant = assistant();

    RunHandle run = run(StreamingAgent.of(() -> assistant.chat("Weather?")));

    assertThat(run.outcome().join()).isEqualTo(new Outcome.Finished(1));
    List<AgentEvent> results = events(EventType.TOOL_CALL_RESULT);
    assertThat(results).hasSize(2);
    assertThat(results.get(0).json()).contains("18 degrees in Munich").doesNotContain("failed");
    assertThat(results.get(1).json()).contains("There is no Atlantis.").contains("\"failed\":true");
    assertThat(id(results.get(0), "toolCallId"))
        .isEqualTo(id(events(EventType.TOOL_CALL_START).get(0), "toolCallId"))
        .isNotEqualTo(id(results.get(1), "toolCallId"));
  }

  @Test
  void aResultTooLargeToShowGoesToTheModelAllTheSame() {
    openAi.streams(
        "tool_calls", toolCall("call_1", "weather", "{\\\"city\\\":\\\"Everywhere\\\"}"));
    openAi.streams("stop", "{\"content\":\"It is 18 degrees.\"}");
    Assistant assistant = assistant();

    RunHandle run = run(StreamingAgent.of(() -> assistant.chat("Weather?")));

    assertThat(run.outcome().join()).isEqualTo(new Outcome.Finished(1));
    assertThat(json(EventType.TOOL_CALL_RESULT))
        .contains("TOOL_CALL_RESULT: 1200000 bytes")
        .doesNotContain("failed");
    assertThat(openAi.questions().get(1)).hasSizeGreaterThan(1_200_000);
  }

  @Test
  void anErrorOfTheModelIsTheRunsError() {
    openAi.fails(429, "{\"error\":{\"message\":\"No tokens left.\"}}");
    Assistant assistant = assistant();

    RunHandle run = run(StreamingAgent.of(() -> assistant.chat("Weather?")));

    assertThat(run.outcome().join())
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            failed -> assertThat(failed.message()).contains("No tokens left."));
    assertThat(types()).containsExactly("RUN_STARTED", "RUN_ERROR");
  }

  @Test
  void aCancelledRunHangsUpOnTheModel() throws InterruptedException {
    openAi.streamsForEver("{\"content\":\"and \"}");
    Assistant assistant = assistant();
    RunHandle run = run(StreamingAgent.of(() -> assistant.chat("Tell me a story.")));
    await().until(() -> events(EventType.TEXT_MESSAGE_CONTENT).size() > 3);
    run.cancel();

    assertThat(run.outcome().join()).isEqualTo(new Outcome.Cancelled("CANCELLED"));
    assertThat(types()).endsWith("TEXT_MESSAGE_END", "RUN_ERROR");
    assertThat(openAi.awaitHangUp()).isTrue();
    assertThat(types()).endsWith("TEXT_MESSAGE_END", "RUN_ERROR");
  }

  @Test
  void aHandlerWritesWhatItHandsOn() {
    openAi.streams(
        "stop",
        "{\"reasoning_content\":\"Hm.\"}",
        "{\"content\":\"Hel\"}",
        "{\"content\":\"lo.\"}");
    StringBuilder heard = new StringBuilder();
    CompletableFuture<ChatResponse> response = new CompletableFuture<>();
    try (AgentRun run = runwire.startRun("thread-1")) {
      streamingModel()
          .chat(
              ChatRequest.builder().messages(UserMessage.from("Hello?")).build(),
              new RunwireChatHandler(
                  run,
                  new StreamingChatResponseHandler() {
                    @Override
                    public void onPartialResponse(String piece) {
                      heard.append(piece);
                    }

                    @Override
                    public void onCompleteResponse(ChatResponse complete) {
                      response.complete(complete);
                    }

                    @Override
                    public void onError(Throwable error) {
                      response.completeExceptionally(error);
                    }
                  }));
      assertThat(response.join().aiMessage().text()).isEqualTo("Hello.");
      run.complete();
    }

    assertThat(heard).hasToString("Hello.");
    assertThat(types())
        .containsSubsequence(
            "REASONING_END",
            "TEXT_MESSAGE_START",
            "TEXT_MESSAGE_CONTENT",
            "TEXT_MESSAGE_CONTENT",
            "TEXT_MESSAGE_END",
            "RUN_FINISHED");
  }

  @Test
  void aServiceThatDoesNotStreamIsListenedTo() {
    openAi.says(
        "{\"role\":\"assistant\",\"content\":\"Let me look.\",\"tool_calls\":[{\"id\":\"call_1\","
            + "\"type\":\"function\",\"function\":{\"name\":\"weather\","
            + "\"arguments\":\"{\\\"city\\\":\\\"Munich\\\"}\"}}]}",
        "tool_calls");
    openAi.says("{\"role\":\"assistant\",\"content\":\"18 degrees.\"}", "stop");
    Speaker speaker =
        AiServices.builder(Speaker.class)
            .chatModel(
                OpenAiChatModel.builder()
                    .baseUrl(openAi.url())
                    .apiKey("none")
                    .modelName("stub")
                    .maxRetries(0)
                    .build())
            .tools(new Weather())
            .registerListeners(RunwireListener.all())
            .build();

    RunHandle run =
        run(
            context ->
                context.result(
                    speaker.chat("Weather in Munich?", RunwireListener.in(context.run()))));

    assertThat(run.outcome().join()).isEqualTo(new Outcome.Finished(1));
    assertThat(types())
        .containsExactly(
            "RUN_STARTED",
            "TEXT_MESSAGE_START",
            "TEXT_MESSAGE_CONTENT",
            "TEXT_MESSAGE_END",
            "TOOL_CALL_START",
            "TOOL_CALL_ARGS",
            "TOOL_CALL_END",
            "TOOL_CALL_RESULT",
            "TEXT_MESSAGE_START",
            "TEXT_MESSAGE_CONTENT",
            "TEXT_MESSAGE_END",
            "RUN_FINISHED");
    assertThat(json(EventType.RUN_FINISHED)).contains("\"result\":\"18 degrees.\"");
  }

  private RunHandle run(Agent agent) {
    return runner.run("assistant", "thread-1", "Weather?", agent);
  }

  private Assistant assistant() {
    return AiServices.builder(Assistant.class)
        .streamingChatModel(streamingModel())
        .tools(new Weather())
        .build();
  }

  private StreamingChatModel streamingModel() {
    return OpenAiStreamingChatModel.builder()
        .baseUrl(openAi.url())
        .apiKey("none")
        .modelName("stub")
        .returnThinking(true)
        .build();
  }

  private List<String> types() {
    return log.events().stream().map(event -> event.type().name()).toList();
  }

  private List<AgentEvent> events(EventType type) {
    return log.events().stream().filter(event -> event.type() == type).toList();
  }

  private String json(EventType type) {
    return events(type).get(0).json();
  }

  private static String id(AgentEvent event, String field) {
    String json = event.json();
    int start = json.indexOf(field) + field.length() + 3;
    return json.substring(start, json.indexOf('"', start));
  }

  private static String toolCall(String id, String name, String arguments) {
    return "{\"tool_calls\":[{\"index\":0,\"id\":\""
        + id
        + "\",\"type\":\"function\",\"function\":{\"name\":\""
        + name
        + "\",\"arguments\":\""
        + arguments
        + "\"}}]}";
  }

  private static String arguments(String piece) {
    return "{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"" + piece + "\"}}]}";
  }
}
