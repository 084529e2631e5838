package io.sluice.handlers.internal.flow;

import io.sluice.handlers.internal.HandlerTimings;
import io.sluice.handlers.internal.count.OutcomeCounters;
import io.sluice.handlers.internal.row.RowRequest;
import io.sluice.handlers.internal.row.Rows;
import java.time.Duration;
import java.time.InstantSource;

/**
 * What all parts of a domain's flow work with.
 *
 * @param clock one that is never set back, for waits
 */
record FlowContext(
    FlowSettings settings,
    Rows rows,
    Mailbox mailbox,
    Timers timers,
    InstantSource clock,
    FlowLog log,
    OutcomeCounters counters) {

  HandlerTimings timings() {
    return settings.timings();
  }

  /** Asks something of an event's row. */
  void ask(Task task, RowRequest request) {
    rows.ask(task.event().shard(), request);
  }

  Timers.Timer after(Duration wait, Runnable action) {
    return timers.at(clock.instant().plus(wait), action);
  }
}
