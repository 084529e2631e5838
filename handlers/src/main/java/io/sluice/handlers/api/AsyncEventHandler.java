package io.sluice.handlers.api;

import java.util.concurrent.CompletionStage;

/**
 * Business code for one type of event that ends later than its call, such as a client that answers
 * by a future. The event is done with once the stage completes; until then it holds its aggregate
 * and one of the domain's places, but no thread.
 *
 * <p>All else is as for {@link EventHandler}. What is true of its throwing is true of a stage that
 * completes exceptionally. At the end of its time limit the stage is cancelled, if it can be, and
 * counts as failed at once: work that goes on nevertheless may meet its own repetition. Where an
 * {@link EventHandler} is interrupted because the runtime ends or the event's partition goes to
 * another worker, the stage is cancelled likewise, and nothing is counted.
 */
@FunctionalInterface
public non-sealed interface AsyncEventHandler extends Handler {

  /**
   * Begins to handle one event.
   *
   * @return completes when the event is handled
   * @throws Exception why it could not be begun; a failure like any other
   */
  CompletionStage<?> handle(HandledEvent event) throws Exception;
}
