package io.sluice.handlers;

import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.handlers.api.Unhandled;
import io.sluice.outbox.EventDomain;
import io.sluice.outbox.ShardId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
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
            List.of(
                "sluice.handlers.aggregates[tag(domain=CHAT), tag(group=looking.on.chat)]",
                "sluice.handlers.buffered.size[tag(domain=CHAT), tag(group=looking.on.chat)]",
                "sluice.handlers.buffered[tag(domain=CHAT), tag(group=looking.on.chat)]",
                "sluice.handlers.call.time[tag(domain=CHAT), tag(group=looking.on.chat)]",
                "sluice.handlers.shards.away[tag(domain=CHAT), tag(group=looking.on.chat)]",
                "sluice.handlers.calls[tag(domain=CHAT), tag(group=looking.on.chat)]",
                "sluice.handlers.down[tag(domain=CHAT), tag(group=looking.on.chat)]",
                "sluice.handlers.rows.missing[tag(domain=CHAT), tag(group=looking.on.chat)]",
                "sluice.handlers.oldest.age[tag(domain=CHAT), tag(group=looking.on.chat)]",
                "sluice.handlers.events[tag(domain=CHAT), tag(group=looking.on.chat), tag(outcome=failed)]",
                "sluice.handlers.events[tag(domain=CHAT), tag(group=looking.on.chat), tag(outcome=foreign)]",
                "sluice.handlers.events[tag(domain=CHAT), tag(group=looking.on.chat), tag(outcome=missing)]",
                "sluice.handlers.events[tag(domain=CHAT), tag(group=looking.on.chat), tag(outcome=parked)]",
                "sluice.handlers.events[tag(domain=CHAT), tag(group=looking.on.chat), tag(outcome=published)]",
                "sluice.handlers.events[tag(domain=CHAT), tag(group=looking.on.chat), tag(outcome=retried)]",
                "sluice.handlers.events[tag(domain=CHAT), tag(group=looking.on.chat), tag(outcome=skipped)]")),
        names);
  }

  @Test
  void eachTellsItsOwnNumber() {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    DomainSnapshot now =
        new DomainSnapshot(
            "g",
            new HandlerStatistics(60, 10, 20, 30, 40, 50, 70, 140),
            80,
            90,
            100,
            110,
            Optional.of(Instant.now().minusSeconds(100_000)),
            120,
            Duration.ofSeconds(130),
            Set.of(ShardId.of("a"), ShardId.of("b")),
            150,
            Optional.of("it is broken"));

    new HandlerMeters.DomainMeters<>(registry, Tags.empty(), this, test -> now).bind();

    Map<String, Double> values = new TreeMap<>();
    for (Meter meter : registry.getMeters()) {
      String name = meter.getId().getName() + meter.getId().getTags();
      meter.measure().forEach(value -> values.put(name + value.getStatistic(), value.getValue()));
    }
    double age = Objects.requireNonNull(values.remove("sluice.handlers.oldest.age[]VALUE"));
    assertEquals(100_000, age, 600);
    assertEquals(
        new TreeMap<>(
            Map.ofEntries(
                entry("sluice.handlers.events[tag(outcome=published)]COUNT", 10.0),
                entry("sluice.handlers.events[tag(outcome=failed)]COUNT", 20.0),
                entry("sluice.handlers.events[tag(outcome=retried)]COUNT", 30.0),
                entry("sluice.handlers.events[tag(outcome=parked)]COUNT", 40.0),
                entry("sluice.handlers.events[tag(outcome=skipped)]COUNT", 50.0),
                entry("sluice.handlers.events[tag(outcome=foreign)]COUNT", 70.0),
                entry("sluice.handlers.buffered[]VALUE", 80.0),
                entry("sluice.handlers.buffered.size[]VALUE", 90.0),
                entry("sluice.handlers.calls[]VALUE", 100.0),
                entry("sluice.handlers.aggregates[]VALUE", 110.0),
                entry("sluice.handlers.call.time[]COUNT", 120.0),
                entry("sluice.handlers.call.time[]TOTAL_TIME", 130.0),
                entry("sluice.handlers.events[tag(outcome=missing)]COUNT", 140.0),
                entry("sluice.handlers.rows.missing[]VALUE", 150.0),
                entry("sluice.handlers.down[]VALUE", 1.0),
                entry("sluice.handlers.shards.away[]VALUE", 2.0))),
        values);
  }
}
