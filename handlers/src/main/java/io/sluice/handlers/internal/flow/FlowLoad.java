package io.sluice.handlers.internal.flow;

import java.time.Instant;
import java.util.Optional;

/**
 * How much a domain has under way.
 *
 * @param events taken on and not finished
 * @param bytes of their payloads
 * @param calls of handlers
 * @param aggregates that have such events
 * @param oldest when the event among them was created that was created first
 */
public record FlowLoad(
    int events, long bytes, int calls, int aggregates, Optional<Instant> oldest) {

  static final FlowLoad NONE = new FlowLoad(0, 0, 0, 0, Optional.empty());
}
