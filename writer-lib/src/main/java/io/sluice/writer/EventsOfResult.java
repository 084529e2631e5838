package io.sluice.writer;

import io.sluice.outbox.OutboxEvent;
import java.util.List;

/**
 * Makes events of what a business operation has returned, such as the number of an order that the
 * database gave it.
 */
@FunctionalInterface
public interface EventsOfResult<T> {

  /** The events, in their order; none if there is nothing to tell. */
  List<OutboxEvent> of(T result);
}
