package io.sluice.handlers.internal.flow;

/**
 * How much a domain has under way.
 *
 * @param events taken on and not finished
 * @param bytes of their payloads
 * @param calls of handlers
 * @param aggregates that have such events
 */
public record FlowLoad(int events, long bytes, int calls, int aggregates) {

  static final FlowLoad NONE = new FlowLoad(0, 0, 0, 0);
}
