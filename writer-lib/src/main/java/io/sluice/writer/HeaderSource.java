package io.sluice.writer;

import io.sluice.outbox.OutboxEvent;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Adds headers to every event, such as the trace context, the tenant or the version of the service.
 * A writer calls the source for each event, on the thread that appends the event. Implementations
 * are thread-safe.
 *
 * <p>For W3C Trace Context add {@code traceparent} and {@code tracestate}; handlers find them in
 * the headers of the event, and Kafka consumers in those of the record. With OpenTelemetry:
 *
 * <pre>{@code
 * HeaderSource trace = event -> {
 *   Map<String, String> headers = new HashMap<>();
 *   W3CTraceContextPropagator.getInstance().inject(Context.current(), headers, Map::put);
 *   return headers;
 * };
 * }</pre>
 */
@FunctionalInterface
public interface HeaderSource {

  /** Adds no headers. */
  HeaderSource NONE = event -> Map.of();

  /** Headers to add to an event. They do not replace headers that the event already has. */
  Map<String, String> headers(OutboxEvent event);

  /** Combines two sources; this one takes precedence. */
  default HeaderSource and(HeaderSource other) {
    return event -> {
      Map<String, String> all = new LinkedHashMap<>(EventRows.headers(other, event));
      all.putAll(EventRows.headers(this, event));
      return all;
    };
  }
}
