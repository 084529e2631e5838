package io.sluice.writer;

import io.sluice.outbox.OutboxEvent;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where events get headers from that their authors do not write down: the trace they belong to, the
 * tenant, the version of the service. Asked for each event on the thread that appends it.
 * Implementations are thread-safe.
 *
 * <p>For the trace context of W3C, put {@code traceparent} and {@code tracestate}; handlers find
 * them in the headers of the event, and Kafka consumers in those of the record. With OpenTelemetry:
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

  /** No headers. */
  HeaderSource NONE = event -> Map.of();

  /** Headers for an event. Those it has already are not replaced. */
  Map<String, String> headers(OutboxEvent event);

  /** Headers of this source, and those of another that this one does not give. */
  default HeaderSource and(HeaderSource other) {
    return event -> {
      Map<String, String> all = new LinkedHashMap<>(other.headers(event));
      all.putAll(headers(event));
      return all;
    };
  }
}
