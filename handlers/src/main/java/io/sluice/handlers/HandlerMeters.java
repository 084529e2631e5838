package io.sluice.handlers;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/**
 * A runtime's statistics as Micrometer meters. Micrometer is an optional dependency. All meters
 * have the tags {@code domain} and {@code group}; the group distinguishes observers from owners:
 *
 * <ul>
 *   <li>{@code sluice.handlers.events}, a counter with the tag {@code outcome}: {@code published},
 *       {@code failed}, {@code retried}, {@code parked}, {@code skipped}, {@code foreign} or {@code
 *       missing}, as in {@link HandlerStatistics}
 *   <li>{@code sluice.handlers.buffered}, a gauge of unfinished events, deferred ones included, and
 *       {@code sluice.handlers.buffered.size} of their payloads in bytes
 *   <li>{@code sluice.handlers.calls}, a gauge of running calls
 *   <li>{@code sluice.handlers.call.time}, a timer of ended calls, with any outcome, including
 *       waits for a thread, a connection and the commit
 *   <li>{@code sluice.handlers.aggregates}, a gauge of aggregates with unfinished events
 *   <li>{@code sluice.handlers.oldest.age}, a gauge of the seconds since {@link
 *       DomainSnapshot#oldest}; 0 if there are no events
 *   <li>{@code sluice.handlers.shards.away}, a gauge of the number of {@link
 *       DomainSnapshot#shardsAway}
 *   <li>{@code sluice.handlers.rows.missing}, a gauge of {@link DomainSnapshot#rowsMissing}
 *   <li>{@code sluice.handlers.down}, a gauge that is 1 while there is a {@link
 *       DomainSnapshot#problem}, otherwise 0
 * </ul>
 *
 * <pre>{@code
 * new HandlerMeters(runtime).bindTo(registry);
 * }</pre>
 */
public final class HandlerMeters implements MeterBinder {

  private final HandlerRuntime runtime;

  /**
   * @param runtime the runtime. The meters have only a weak reference to it, so its owner must keep
   *     it
   */
  public HandlerMeters(HandlerRuntime runtime) {
    this.runtime = Objects.requireNonNull(runtime, "runtime");
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    runtime
        .snapshot()
        .forEach(
            (domain, now) ->
                new DomainMeters<>(
                        registry,
                        Tags.of("domain", domain.name(), "group", now.group()),
                        runtime,
                        from -> from.snapshot(domain))
                    .bind());
  }

  /**
   * The meters of one domain.
   *
   * @param from the source of snapshots. The meters have only a weak reference to it
   * @param look takes a snapshot
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
      count("missing", HandlerStatistics::missing);
      gauge("buffered", "events", DomainSnapshot::events);
      gauge("buffered.size", "bytes", DomainSnapshot::bytes);
      gauge("calls", "calls", DomainSnapshot::calls);
      gauge("aggregates", "aggregates", DomainSnapshot::aggregates);
      gauge("oldest.age", "seconds", DomainMeters::ageOfOldest);
      gauge("shards.away", "shards", now -> now.shardsAway().size());
      gauge("rows.missing", "events", DomainSnapshot::rowsMissing);
      gauge("down", "domains", now -> now.problem().isPresent() ? 1 : 0);
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
      Gauge.builder(
              "sluice.handlers." + name, from, asked -> value.applyAsDouble(look.apply(asked)))
          .baseUnit(unit)
          .tags(tags)
          .register(registry);
    }
  }
}
