package io.sluice.examples.tracing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;
import io.sluice.handlers.api.HandledEvent;
import io.sluice.outbox.EventDomain;
import io.sluice.outbox.EventHeaders;
import io.sluice.outbox.OutboxEvent;
import io.sluice.outbox.ShardId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TraceHeadersTest {

  private static final SpanContext SPAN =
      SpanContext.create(
          "4bf92f3577b34da6a3ce929d0e0e4736",
          "00f067aa0ba902b7",
          TraceFlags.getSampled(),
          TraceState.builder().put("vendor", "value").build());
  private static final Map<String, String> HEADERS =
      Map.of(
          "traceparent",
          "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
          "tracestate",
          "vendor=value");
  private static final OutboxEvent EVENT =
      OutboxEvent.builder(EventDomain.CHAT, "message_sent")
          .aggregate("room", "7")
          .json("{}")
          .build();

  @Test
  void anEventBearsTheTraceItIsAppendedIn() {
    Map<String, String> headers =
        Context.root().with(Span.wrap(SPAN)).wrapFunction(new TraceHeaders()::headers).apply(EVENT);

    assertEquals(HEADERS, headers);
  }

  @Test
  void thereIsNoHeaderWithoutATrace() {
    assertEquals(Map.of(), new TraceHeaders().headers(EVENT));
  }

  @Test
  void aHandlerGoesOnWithTheTrace() throws Exception {
    List<SpanContext> seen = new ArrayList<>();
    TracedHandler handler = new TracedHandler(event -> seen.add(Span.current().getSpanContext()));

    handler.handle(
        HandledEvent.builder(EventDomain.CHAT, "message_sent")
            .id("0199a3a2-7a11-7c7e-9d3b-0d5c5bb0c001")
            .shard(ShardId.of("shard-1"))
            .aggregate("room", "7")
            .payload("{}")
            .headers(new EventHeaders(HEADERS))
            .build());

    assertEquals(1, seen.size());
    assertEquals(SPAN.getTraceId(), seen.get(0).getTraceId());
    assertEquals(SPAN.getSpanId(), seen.get(0).getSpanId());
    assertEquals("value", seen.get(0).getTraceState().get("vendor"));
  }
}
