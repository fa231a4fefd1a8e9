/**
 * LangChain4j's chats as runs: what a model streams, thinks and calls becomes a run's events.
 *
 * <p>Start at {@link io.runwire.langchain4j.StreamingAgent}, an AI service's token stream as an
 * agent of the runner; {@link io.runwire.langchain4j.RunwireChatHandler} is for who calls a
 * streaming model himself, {@link io.runwire.langchain4j.RunwireListener} for AI services that do
 * not stream. All three tell a {@link io.runwire.langchain4j.Narration}. Uses the producer's API
 * and its runner only.
 */
@NullMarked
package io.runwire.langchain4j;

import org.jspecify.annotations.NullMarked;
