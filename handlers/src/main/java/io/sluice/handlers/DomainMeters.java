package io.sluice.handlers;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/**
 * The meters of one domain.
 *
 * @param from what is asked for numbers; meters hold it weakly
 * @param look asks it
 */
record DomainMeters<T>(
    MeterRegistry registry, Tags tags, T from, Function<T, DomainSnapshot> look) {

  DomainMeters {
    Objects.requireNonNull(registry, "registry");
    Objects.requireNonNull(tags, "tags");
    Objects.requireNonNull(from, "from");
    Objects.requireNonNull(look, "look");
  }

  void bind() {
    count("published", HandlerStatistics::published);
    count("failed", HandlerStatistics::failed);
    count("retried", HandlerStatistics::retried);
    count("parked", HandlerStatistics::parked);
    count("skipped", HandlerStatistics::skipped);
    count("foreign", HandlerStatistics::foreign);
    gauge("buffered", "events", DomainSnapshot::events);
    gauge("buffered.size", "bytes", DomainSnapshot::bytes);
    gauge("calls", "calls", DomainSnapshot::calls);
    gauge("aggregates", "aggregates", DomainSnapshot::aggregates);
    gauge("oldest.age", "seconds", DomainMeters::ageOfOldest);
    gauge("shards.away", "shards", now -> now.shardsAway().size());
    FunctionTimer.builder(
            "sluice.handlers.call.time",
            from,
            asked -> look.apply(asked).callsEnded(),
            asked -> look.apply(asked).callTime().toNanos(),
            TimeUnit.NANOSECONDS)
        .tags(tags)
        .register(registry);
  }

  private static double ageOfOldest(DomainSnapshot snapshot) {
    return snapshot
        .oldest()
        .map(oldest -> Math.max(0, Duration.between(oldest, Instant.now()).toMillis() / 1_000.0))
        .orElse(0.0);
  }

  private void count(String outcome, ToLongFunction<HandlerStatistics> value) {
    FunctionCounter.builder(
            "sluice.handlers.events",
            from,
            asked -> value.applyAsLong(look.apply(asked).statistics()))
        .baseUnit("events")
        .tags(tags)
        .tag("outcome", outcome)
        .register(registry);
  }

  private void gauge(String name, String unit, ToDoubleFunction<DomainSnapshot> value) {
    Gauge.builder("sluice.handlers." + name, from, asked -> value.applyAsDouble(look.apply(asked)))
        .baseUnit(unit)
        .tags(tags)
        .register(registry);
  }
}
