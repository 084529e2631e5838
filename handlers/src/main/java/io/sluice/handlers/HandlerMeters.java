package io.sluice.handlers;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Objects;

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
 *   <li>{@code sluice.handlers.oldest.age}, a gauge of the seconds since {@link
 *       DomainSnapshot#oldest}; 0 where there are none
 *   <li>{@code sluice.handlers.shards.away}, a gauge of shards that could not be read or written
 *       when that was tried last, or do not answer; {@link DomainSnapshot#shardsAway} says which
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
}
