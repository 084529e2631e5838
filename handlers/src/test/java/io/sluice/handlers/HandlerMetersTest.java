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
                "sluice.handlers.aggregates[tag(domain=CHAT), tag(group=looking.on.chat)]",
                "sluice.handlers.buffered.size[tag(domain=CHAT), tag(group=looking.on.chat)]",
                "sluice.handlers.buffered[tag(domain=CHAT), tag(group=looking.on.chat)]",
                "sluice.handlers.call.time[tag(domain=CHAT), tag(group=looking.on.chat)]",
                "sluice.handlers.shards.away[tag(domain=CHAT), tag(group=looking.on.chat)]",
                "sluice.handlers.calls[tag(domain=CHAT), tag(group=looking.on.chat)]",
                "sluice.handlers.oldest.age[tag(domain=CHAT), tag(group=looking.on.chat)]",
                "sluice.handlers.events[tag(domain=CHAT), tag(group=looking.on.chat), tag(outcome=failed)]",
                "sluice.handlers.events[tag(domain=CHAT), tag(group=looking.on.chat), tag(outcome=foreign)]",
                "sluice.handlers.events[tag(domain=CHAT), tag(group=looking.on.chat), tag(outcome=parked)]",
                "sluice.handlers.events[tag(domain=CHAT), tag(group=looking.on.chat), tag(outcome=published)]",
                "sluice.handlers.events[tag(domain=CHAT), tag(group=looking.on.chat), tag(outcome=retried)]",
                "sluice.handlers.events[tag(domain=CHAT), tag(group=looking.on.chat), tag(outcome=skipped)]")),
        names);
  }
}
