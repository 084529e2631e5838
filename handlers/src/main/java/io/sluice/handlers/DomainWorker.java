package io.sluice.handlers;

import io.sluice.handlers.internal.consume.ConsumerLoop;
import io.sluice.handlers.internal.count.OutcomeCounters;
import io.sluice.handlers.internal.deadletter.DeadLetters;
import io.sluice.handlers.internal.dispatch.HandlerCalls;
import io.sluice.handlers.internal.flow.EventFlow;
import io.sluice.handlers.internal.flow.FlowLoad;
import java.util.Objects;

/** What works for one domain. */
record DomainWorker(
    ConsumerLoop loop,
    EventFlow flow,
    HandlerCalls calls,
    DeadLetters letters,
    OutcomeCounters counters) {

  DomainWorker {
    Objects.requireNonNull(loop, "loop");
    Objects.requireNonNull(flow, "flow");
    Objects.requireNonNull(calls, "calls");
    Objects.requireNonNull(letters, "letters");
    Objects.requireNonNull(counters, "counters");
  }

  /** Ends what the loop has used, after that has ended. */
  void end() {
    calls.close();
    letters.close();
  }

  DomainSnapshot snapshot() {
    FlowLoad load = flow.load();
    return new DomainSnapshot(
        statistics(), load.events(), load.bytes(), load.calls(), load.aggregates(), load.oldest());
  }

  HandlerStatistics statistics() {
    long published = counters.published();
    long failed = counters.failed();
    long retried = counters.retried();
    return new HandlerStatistics(
        published + failed + retried,
        published,
        failed,
        retried,
        counters.parked(),
        counters.skipped(),
        counters.foreign());
  }
}
