package io.sluice.handlers.api;

import java.util.concurrent.CompletionStage;

/**
 * Business code for one type of event that ends later than its call, such as a client that answers
 * by a future. The event is finished once the stage completes. Until then it holds its aggregate
 * and counts as one of the domain's concurrent calls, but has no thread.
 *
 * <p>Otherwise the same applies as to {@link EventHandler}. A stage that completes exceptionally is
 * a failure. At the timeout the stage is cancelled if possible and counts as failed at once; work
 * that continues can overlap with the next attempt. If the runtime ends or the event's partition
 * moves to another worker, the stage is cancelled, too, and nothing is counted.
 */
@FunctionalInterface
public non-sealed interface AsyncEventHandler extends Handler {

  /**
   * Starts to handle one event.
   *
   * @return a stage that completes when the event is handled
   * @throws Exception if the event could not be handled; a failure like any other
   */
  CompletionStage<?> handle(HandledEvent event) throws Exception;
}
