package io.sluice.handlers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.handlers.api.Unhandled;
import io.sluice.outbox.EventDomain;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class HandlerMetersTest {

  private final HandlerRuntime runtime =
      HandlerRuntime.builder()
          .kafka(Map.of("bootstrap.servers", "127.0.0.1:1"))
          .observer("looking.on.")
          .unhandled(Unhandled.SKIP)
          .handler(EventDomain.CHAT, "message_sent", event -> {})
          .build();

  @Test
  void haveTheNamesAndTagsThatAreDocumented() {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();

    new HandlerMeters(runtime).bindTo(registry);

    Set<String> names = new TreeSet<>();
    for (Meter meter : registry.getMeters()) {
      names.add(meter.getId().getName() + meter.getId().getTags());
    }
    assertEquals(
        new TreeSet<>(
            Set.of(
                "sluice.handlers.aggregates[tag(domain=CHAT)]",
                "sluice.handlers.buffered.size[tag(domain=CHAT)]",
                "sluice.handlers.buffered[tag(domain=CHAT)]",
                "sluice.handlers.calls[tag(domain=CHAT)]",
                "sluice.handlers.oldest.age[tag(domain=CHAT)]",
                "sluice.handlers.events[tag(domain=CHAT), tag(outcome=failed)]",
                "sluice.handlers.events[tag(domain=CHAT), tag(outcome=foreign)]",
                "sluice.handlers.events[tag(domain=CHAT), tag(outcome=parked)]",
                "sluice.handlers.events[tag(domain=CHAT), tag(outcome=published)]",
                "sluice.handlers.events[tag(domain=CHAT), tag(outcome=retried)]",
                "sluice.handlers.events[tag(domain=CHAT), tag(outcome=skipped)]")),
        names);
  }
}
