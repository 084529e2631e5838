package io.sluice.handlers.api;

import java.util.concurrent.CompletionStage;

/**
 * Business code for one type of event that ends later than its call, such as a client that returns
 * a future. The event is finished when the stage completes. Until then, it holds its aggregate and
 * counts as one of the domain's concurrent calls, but has no thread.
 *
 * <p>Otherwise the same applies as to {@link EventHandler}. A stage that completes exceptionally is
 * a failure. At the timeout, the stage is cancelled if possible and counts as failed immediately.
 * Work that continues can overlap with the next attempt. If the runtime stops or the event's
 * partition moves to another worker, the stage is also cancelled, and no failure is counted.
 */
@FunctionalInterface
public non-sealed interface AsyncEventHandler extends Handler {

  /**
   * Starts to handle one event.
   *
   * @return a stage that completes when the event is handled
   * @throws Exception if the event could not be handled; counts like any other failure
   */
  CompletionStage<?> handle(HandledEvent event) throws Exception;
}
