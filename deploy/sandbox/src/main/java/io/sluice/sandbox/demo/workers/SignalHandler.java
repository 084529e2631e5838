package io.sluice.sandbox.demo.workers;

import io.sluice.handlers.api.AsyncEventHandler;
import io.sluice.handlers.api.HandledEvent;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** Simulates business code with an asynchronous client, which answers on its own threads. */
final class SignalHandler implements AsyncEventHandler {

  private final Executor client;

  SignalHandler(Executor client) {
    this.client = client;
  }

  @Override
  public CompletionStage<Void> handle(HandledEvent event) {
    CompletableFuture<Void> answer = new CompletableFuture<>();
    client.execute(() -> answer(event, answer));
    return answer;
  }

  private static void answer(HandledEvent event, CompletableFuture<Void> answer) {
    try {
      JsonPayload.of(event);
      Downstream.call(event);
      answer.complete(null);
    } catch (Exception e) {
      answer.completeExceptionally(e);
    }
  }
}
