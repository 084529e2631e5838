package io.sluice.examples.tracing;

import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.sluice.handlers.api.EventHandler;
import io.sluice.handlers.api.HandledEvent;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Calls a handler in the trace that its event was appended in. Thread-safe if that is. */
public record TracedHandler(EventHandler handler) implements EventHandler {

  public TracedHandler {
    Objects.requireNonNull(handler, "handler");
  }

  @Override
  public void handle(HandledEvent event) throws Exception {
    Context trace =
        W3CTraceContextPropagator.getInstance()
            .extract(Context.current(), event.headers().values(), new Headers());
    trace
        .wrap(
            () -> {
              handler.handle(event);
              return event;
            })
        .call();
  }

  private static final class Headers implements TextMapGetter<Map<String, String>> {

    @Override
    public @Nullable String get(@Nullable Map<String, String> headers, String name) {
      return headers == null ? null : headers.get(name);
    }
  }
}
