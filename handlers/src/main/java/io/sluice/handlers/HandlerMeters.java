package io.sluice.handlers;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.sluice.outbox.EventDomain;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/**
 * A runtime's statistics as Micrometer meters, for applications that have Micrometer, which this
 * module does not bring along. All bear the tag {@code domain}:
 *
 * <ul>
 *   <li>{@code sluice.handlers.events}, a counter with the tag {@code outcome}: {@code published},
 *       {@code failed}, {@code retried}, {@code parked}, {@code skipped} or {@code foreign}, as in
 *       {@link HandlerStatistics}
 *   <li>{@code sluice.handlers.buffered}, a gauge of events fetched and not finished, and {@code
 *       sluice.handlers.buffered.size} of their payloads in bytes
 *   <li>{@code sluice.handlers.calls}, a gauge of handlers that are being called
 *   <li>{@code sluice.handlers.aggregates}, a gauge of aggregates that have such events
 *   <li>{@code sluice.handlers.oldest.age}, a gauge of the seconds since the oldest of them was
 *       created; 0 where there are none
 * </ul>
 *
 * <pre>{@code
 * new HandlerMeters(runtime).bindTo(registry);
 * }</pre>
 */
public final class HandlerMeters implements MeterBinder {

  private static final String DOMAIN = "domain";

  private final HandlerRuntime runtime;

  /**
   * @param runtime which its owner has to hold: meters do so weakly
   */
  public HandlerMeters(HandlerRuntime runtime) {
    this.runtime = Objects.requireNonNull(runtime, "runtime");
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    for (EventDomain domain : runtime.snapshot().keySet()) {
      count(registry, domain, "published", HandlerStatistics::published);
      count(registry, domain, "failed", HandlerStatistics::failed);
      count(registry, domain, "retried", HandlerStatistics::retried);
      count(registry, domain, "parked", HandlerStatistics::parked);
      count(registry, domain, "skipped", HandlerStatistics::skipped);
      count(registry, domain, "foreign", HandlerStatistics::foreign);
      gauge(registry, domain, "buffered", "events", DomainSnapshot::events);
      gauge(registry, domain, "buffered.size", "bytes", DomainSnapshot::bytes);
      gauge(registry, domain, "calls", "calls", DomainSnapshot::calls);
      gauge(registry, domain, "aggregates", "aggregates", DomainSnapshot::aggregates);
      gauge(registry, domain, "oldest.age", "seconds", HandlerMeters::ageOfOldest);
    }
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
      String outcome,
      ToLongFunction<HandlerStatistics> value) {
    FunctionCounter.builder(
            "sluice.handlers.events",
            runtime,
            from -> value.applyAsLong(from.snapshot(domain).statistics()))
        .baseUnit("events")
        .tag(DOMAIN, domain.name())
        .tag("outcome", outcome)
        .register(registry);
  }

  private void gauge(
      MeterRegistry registry,
      EventDomain domain,
      String name,
      String unit,
      ToDoubleFunction<DomainSnapshot> value) {
    Gauge.builder(
            "sluice.handlers." + name, runtime, from -> value.applyAsDouble(from.snapshot(domain)))
        .baseUnit(unit)
        .tag(DOMAIN, domain.name())
        .register(registry);
  }
}
