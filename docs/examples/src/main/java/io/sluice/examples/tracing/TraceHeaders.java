package io.sluice.examples.tracing;

import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.sluice.outbox.OutboxEvent;
import io.sluice.writer.HeaderSource;
import java.util.HashMap;
import java.util.Map;

/** Gives each event the trace of OpenTelemetry that it is appended in. Thread-safe. */
public final class TraceHeaders implements HeaderSource {

  @Override
  public Map<String, String> headers(OutboxEvent event) {
    Map<String, String> headers = new HashMap<>();
    W3CTraceContextPropagator.getInstance().inject(Context.current(), headers, Map::put);
    return headers; // traceparent, and tracestate if there is one
  }
}
