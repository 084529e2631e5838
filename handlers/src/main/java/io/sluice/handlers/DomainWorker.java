package io.sluice.handlers;

import io.sluice.handlers.internal.consume.ConsumerLoop;
import io.sluice.handlers.internal.deadletter.DeadLetters;
import io.sluice.handlers.internal.dispatch.HandlerCalls;
import io.sluice.handlers.internal.process.EventProcessor;
import io.sluice.handlers.internal.process.OutcomeCounters;
import io.sluice.handlers.internal.process.OutcomeCounters.Counter;
import io.sluice.handlers.internal.status.Rows;
import java.util.Objects;

/** The parts of a runtime that handle one domain. */
record DomainWorker(
    String group,
    Rows rows,
    ConsumerLoop loop,
    EventProcessor processor,
    HandlerCalls calls,
    DeadLetters letters) {

  DomainWorker {
    Objects.requireNonNull(group, "group");
    Objects.requireNonNull(rows, "rows");
    Objects.requireNonNull(loop, "loop");
    Objects.requireNonNull(processor, "processor");
    Objects.requireNonNull(calls, "calls");
    Objects.requireNonNull(letters, "letters");
  }

  /** Closes the resources of the loop after it has ended. */
  void end() {
    calls.close();
    letters.close();
  }

  DomainSnapshot snapshot() {
    OutcomeCounters counters = processor.counters();
    EventProcessor.Load load = processor.load();
    return new DomainSnapshot(
        group,
        statistics(),
        load.events(),
        load.bytes(),
        load.calls(),
        load.aggregates(),
        load.oldest(),
        counters.get(Counter.CALLS),
        counters.callTime(),
        rows.away(),
        load.rowsMissing(),
        loop.problem());
  }

  HandlerStatistics statistics() {
    OutcomeCounters counters = processor.counters();
    long published = counters.get(Counter.PUBLISHED);
    long failed = counters.get(Counter.FAILED);
    long retried = counters.get(Counter.RETRIED);
    return new HandlerStatistics(
        published + failed + retried,
        published,
        failed,
        retried,
        counters.get(Counter.PARKED),
        counters.get(Counter.SKIPPED),
        counters.get(Counter.FOREIGN),
        counters.get(Counter.MISSING));
  }
}
