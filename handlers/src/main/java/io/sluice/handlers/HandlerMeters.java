package io.sluice.handlers;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.sluice.outbox.EventDomain;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/**
 * A runtime's statistics as Micrometer meters, for applications that have Micrometer, which this
 * module does not bring along. All bear the tags {@code domain} and {@code group}, by which an
 * observer's are told from the owner's:
 *
 * <ul>
 *   <li>{@code sluice.handlers.events}, a counter with the tag {@code outcome}: {@code published},
 *       {@code failed}, {@code retried}, {@code parked}, {@code skipped} or {@code foreign}, as in
 *       {@link HandlerStatistics}
 *   <li>{@code sluice.handlers.buffered}, a gauge of events fetched and not finished, and {@code
 *       sluice.handlers.buffered.size} of their payloads in bytes
 *   <li>{@code sluice.handlers.calls}, a gauge of handlers that are being called
 *   <li>{@code sluice.handlers.call.time}, a timer of calls that have ended, whatever came of them,
 *       with what each waited for a thread, a connection and its commit
 *   <li>{@code sluice.handlers.aggregates}, a gauge of aggregates that have such events
 *   <li>{@code sluice.handlers.oldest.age}, a gauge of the seconds since the oldest of them was
 *       created; 0 where there are none
 *   <li>{@code sluice.handlers.shards.away}, a gauge of shards that could not be read or written
 *       when that was tried last; {@link DomainSnapshot#shardsAway} says which
 * </ul>
 *
 * <pre>{@code
 * new HandlerMeters(runtime).bindTo(registry);
 * }</pre>
 */
public final class HandlerMeters implements MeterBinder {

  private final HandlerRuntime runtime;

  /**
   * @param runtime which its owner has to hold: meters do so weakly
   */
  public HandlerMeters(HandlerRuntime runtime) {
    this.runtime = Objects.requireNonNull(runtime, "runtime");
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    runtime.snapshot().forEach((domain, now) -> bind(registry, domain, now.group()));
  }

  private void bind(MeterRegistry registry, EventDomain domain, String group) {
    Tags tags = Tags.of("domain", domain.name(), "group", group);
    count(registry, domain, tags, "published", HandlerStatistics::published);
    count(registry, domain, tags, "failed", HandlerStatistics::failed);
    count(registry, domain, tags, "retried", HandlerStatistics::retried);
    count(registry, domain, tags, "parked", HandlerStatistics::parked);
    count(registry, domain, tags, "skipped", HandlerStatistics::skipped);
    count(registry, domain, tags, "foreign", HandlerStatistics::foreign);
    gauge(registry, domain, tags, "buffered", "events", DomainSnapshot::events);
    gauge(registry, domain, tags, "buffered.size", "bytes", DomainSnapshot::bytes);
    gauge(registry, domain, tags, "calls", "calls", DomainSnapshot::calls);
    gauge(registry, domain, tags, "aggregates", "aggregates", DomainSnapshot::aggregates);
    gauge(registry, domain, tags, "oldest.age", "seconds", HandlerMeters::ageOfOldest);
    gauge(registry, domain, tags, "shards.away", "shards", now -> now.shardsAway().size());
    FunctionTimer.builder(
            "sluice.handlers.call.time",
            runtime,
            from -> from.snapshot(domain).callsEnded(),
            from -> from.snapshot(domain).callTime().toNanos(),
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

  private void count(
      MeterRegistry registry,
      EventDomain domain,
      Tags tags,
      String outcome,
      ToLongFunction<HandlerStatistics> value) {
    FunctionCounter.builder(
            "sluice.handlers.events",
            runtime,
            from -> value.applyAsLong(from.snapshot(domain).statistics()))
        .baseUnit("events")
        .tags(tags)
        .tag("outcome", outcome)
        .register(registry);
  }

  private void gauge(
      MeterRegistry registry,
      EventDomain domain,
      Tags tags,
      String name,
      String unit,
      ToDoubleFunction<DomainSnapshot> value) {
    Gauge.builder(
            "sluice.handlers." + name, runtime, from -> value.applyAsDouble(from.snapshot(domain)))
        .baseUnit(unit)
        .tags(tags)
        .register(registry);
  }
}
