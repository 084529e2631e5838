package io.sluice.handlers.internal.work;

import io.sluice.handlers.api.HandledEvent;
import io.sluice.handlers.internal.dispatch.Dispatcher;
import io.sluice.handlers.internal.dispatch.Outcome;
import io.sluice.handlers.internal.retry.RetryDecider;
import io.sluice.handlers.internal.status.RowContention;
import io.sluice.handlers.internal.status.RowKey;
import io.sluice.handlers.internal.status.RowState;
import io.sluice.handlers.internal.status.ShardHealth;
import io.sluice.handlers.internal.status.StatusWriter;
import java.sql.SQLException;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Takes one event as far as it goes without waiting: reads its row, calls its handler, writes the
 * outcome. It blocks on database and handler and holds no state of its own, so any number of
 * threads may use it, each for another event.
 */
public final class EventWorker implements EventWork {

  private static final StepResult FINISHED = new StepResult.Finished();

  private final StatusWriter statuses;
  private final ShardHealth health;
  private final Dispatcher dispatcher;
  private final RetryDecider decider;
  private final OutcomeCounters counters;

  public EventWorker(
      StatusWriter statuses,
      ShardHealth health,
      Dispatcher dispatcher,
      RetryDecider decider,
      OutcomeCounters counters) {
    this.statuses = statuses;
    this.health = health;
    this.dispatcher = dispatcher;
    this.decider = decider;
    this.counters = counters;
  }

  /** What was not foreseen leaves the event where it was, to be tried again. */
  @Override
  public StepResult run(HandledEvent event, Progress progress, BooleanSupplier abandoned) {
    if (!statuses.reaches(event.shard())) {
      return new StepResult.Blocked(
          "this worker has no data source for the shard: add it to its ShardDataSources and start"
              + " the worker again");
    }
    try {
      return progress instanceof Progress.Unwritten unwritten
          ? write(event, unwritten)
          : readAndAttempt(event, abandoned);
    } catch (SQLException e) {
      refused(event, progress, e);
      return again(progress);
    } catch (RuntimeException | Error e) {
      EventLog.unforeseen(event, progress, e);
      return again(progress);
    }
  }

  private StepResult readAndAttempt(HandledEvent event, BooleanSupplier abandoned)
      throws SQLException {
    Optional<RowState> row = statuses.read(key(event));
    if (row.isEmpty() || row.get().status().isFinal()) {
      return skip(event, row);
    }
    return attempt(event, row.get(), abandoned);
  }

  private StepResult skip(HandledEvent event, Optional<RowState> row) {
    if (row.isEmpty()) {
      EventLog.rowGone(event);
    }
    health.worked(event.shard());
    counters.countSkipped();
    return FINISHED;
  }

  private StepResult attempt(HandledEvent event, RowState row, BooleanSupplier abandoned) {
    HandledEvent attempt =
        event.toBuilder().attempt(row.nextAttempt()).maxRetries(row.maxRetries()).build();
    if (abandoned.getAsBoolean()) {
      return new StepResult.Abandoned();
    }
    Outcome outcome = dispatcher.dispatch(attempt);
    if (abandoned.getAsBoolean() && !(outcome instanceof Outcome.Succeeded)) {
      return new StepResult.Abandoned();
    }
    if (outcome instanceof Outcome.Inconclusive inconclusive) {
      EventLog.inconclusive(event, inconclusive);
      return new StepResult.Later(Progress.BEGIN, decider.untilNextAttempt(row.nextAttempt()));
    }
    Outcome.Counted counted = (Outcome.Counted) outcome;
    return run(event, new Progress.Unwritten(counted, decider.update(counted, row), 0), abandoned);
  }

  private StepResult write(HandledEvent event, Progress.Unwritten unwritten) throws SQLException {
    Optional<RowState> after = statuses.write(key(event), unwritten.update());
    if (after.isEmpty()) {
      return skip(event, after);
    }
    health.worked(event.shard());
    EventLog.written(event, unwritten.outcome(), after.get());
    return switch (after.get().status()) {
      case PUBLISHED -> {
        counters.countPublished();
        yield FINISHED;
      }
      case FAILED -> {
        counters.countFailed();
        yield FINISHED;
      }
      case PENDING, RETRY -> retry(after.get());
    };
  }

  private StepResult retry(RowState row) {
    counters.countRetried();
    return new StepResult.Later(Progress.BEGIN, decider.untilNextAttempt(row.retryCount()));
  }

  private void refused(HandledEvent event, Progress progress, SQLException cause) {
    if (!RowContention.causes(cause)) {
      health.failed(event.shard(), cause);
    } else if (progress.refusals() == 0) {
      EventLog.contended(event, cause);
    }
  }

  private StepResult again(Progress progress) {
    Progress refused = progress.refused();
    return new StepResult.Later(refused, decider.untilNextStatement(refused.refusals()));
  }

  private static RowKey key(HandledEvent event) {
    return new RowKey(event.shard(), event.id());
  }
}
