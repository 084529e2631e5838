package io.sluice.redrive;

import io.sluice.outbox.ShardDataSources;
import io.sluice.outbox.ShardId;
import io.sluice.redrive.RedriveOutcome.Busy;
import io.sluice.redrive.RedriveReport.Ending;
import io.sluice.repository.EventKey;
import io.sluice.repository.internal.TableTransaction;
import java.sql.SQLException;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import javax.sql.DataSource;

/**
 * Redrives FAILED events, so that they are delivered again after the cause of the failure has been
 * removed, or discards them.
 *
 * <pre>{@code
 * Redrive redrive = new Redrive(shards).withRate(200);
 * FailedEvents refused =
 *     FailedEvents.where()
 *         .domain(EventDomain.PORTFOLIO)
 *         .errorContains("Connection refused")
 *         .build();
 * RedrivePreview preview = redrive.preview(refused); // changes nothing
 * RedriveReport report = redrive.redrive(refused);
 * }</pre>
 *
 * <p>A redrive deletes the event's row and inserts it again in one transaction. Id and contents
 * stay the same; the status is PENDING, failures are reset, and the header {@code outbox-redrive}
 * counts the redrives. From then on the event is relayed and handled like any other, with the same
 * id. Each transaction is atomic: after a crash, call the method again to redrive the rest.
 *
 * <p>Events that must not overtake a failed event follow it in the same transaction: the events
 * that are parked behind it, and those of its aggregate that are PENDING or RETRY. A discarded
 * event has followers only if events are parked behind it. Followers are inserted in the order of
 * their ids, because a row does not record its commit time and ids ascend with the writer's clock.
 * Later events of the aggregate that are already PUBLISHED have overtaken the failed event; {@link
 * #preview} counts such aggregates.
 *
 * <p>An event that fails again during a call is not redriven again by that call. Locked rows are
 * reported, not awaited. Each call borrows one connection at a time and returns it with its
 * settings unchanged. The account needs SELECT, INSERT and DELETE on the table. Shards are
 * processed one after another. Immutable and thread-safe.
 */
public final class Redrive {

  private final ShardDataSources shards;
  private final int eventsPerSecond;
  private final Pace.Pause pause;

  /** Redrives in these shards, without a limit on the rate. */
  public Redrive(ShardDataSources shards) {
    this(shards, Integer.MAX_VALUE, Pace.Pause.REAL);
  }

  Redrive(ShardDataSources shards, int eventsPerSecond, Pace.Pause pause) {
    this.shards = Objects.requireNonNull(shards, "shards");
    this.eventsPerSecond = eventsPerSecond;
    this.pause = pause;
  }

  /**
   * Limits the rate. Followers count too. Below 500 events per second, a page contains one second's
   * events. Each page scans the unfinished rows twice, so with many unfinished rows a low rate
   * costs the database more than a high one.
   *
   * @return a copy with this rate
   * @throws IllegalArgumentException if the rate is not positive
   */
  public Redrive withRate(int eventsPerSecond) {
    if (eventsPerSecond < 1) {
      throw new IllegalArgumentException(
          "%d events a second: the rate must be 1 or more".formatted(eventsPerSecond));
    }
    return new Redrive(shards, eventsPerSecond, pause);
  }

  /**
   * Counts the effects that {@link #redrive(FailedEvents)} would have now. Changes and locks
   * nothing.
   *
   * <p>For {@link #discard(FailedEvents)} the numbers of events and of parked followers are the
   * same. Of the unfinished events, only those of aggregates with parked events would follow. No
   * aggregate would be overtaken.
   *
   * @throws IllegalArgumentException if a selected shard is not configured
   */
  public RedrivePreview preview(FailedEvents events) {
    Map<ShardId, ShardPreview> previews = new TreeMap<>();
    Map<ShardId, RedriveException> failures = new TreeMap<>();
    for (ShardId shard : shardsOf(events)) {
      try {
        previews.put(
            shard,
            TableTransaction.run(
                shards.get(shard), connection -> new Previewer(connection, events).preview()));
      } catch (SQLException e) {
        failures.put(shard, new RedriveException(shard, "preview", e));
      }
    }
    return new RedrivePreview(previews, failures);
  }

  /**
   * Redrives the selected events. If the thread is interrupted, the call returns after the current
   * transaction with a report of its work so far, and the interrupt flag is set.
   *
   * @throws IllegalArgumentException if a selected shard is not configured
   */
  public RedriveReport redrive(FailedEvents events) {
    return run(Operation.REDRIVE, events);
  }

  /**
   * Deletes the selected events and redrives the events that are parked behind them. Handles an
   * interrupt like {@link #redrive(FailedEvents)}.
   *
   * @throws IllegalArgumentException if a selected shard is not configured
   */
  public RedriveReport discard(FailedEvents events) {
    return run(Operation.DISCARD, events);
  }

  private RedriveReport run(Operation operation, FailedEvents events) {
    Pace pace = new Pace(eventsPerSecond, pause);
    Map<ShardId, ShardReport> reports = new TreeMap<>();
    Set<String> unknownIds = new TreeSet<>(events.ids());
    for (ShardId shard : shardsOf(events)) {
      ShardRedrive run = new ShardRedrive(shard, shards.get(shard), operation, events, pace);
      try {
        run.run();
        reports.put(shard, run.report(Optional.empty()));
      } catch (SQLException e) {
        reports.put(
            shard, run.report(Optional.of(new RedriveException(shard, operation.title(), e))));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        reports.put(shard, run.report(Optional.empty()));
        return new RedriveReport(reports, Set.of(), Ending.INTERRUPTED);
      }
      unknownIds.removeAll(run.knownIds());
    }
    boolean hasFailed = reports.values().stream().anyMatch(report -> report.failure().isPresent());
    return new RedriveReport(
        reports, unknownIds, hasFailed ? Ending.SHARDS_FAILED : Ending.COMPLETE);
  }

  private Set<ShardId> shardsOf(FailedEvents events) {
    events.shards().forEach(shards::get); // fails before anything is changed
    return events.shards().isEmpty() ? shards.shards() : events.shards();
  }

  /**
   * Redrives one event.
   *
   * @throws IllegalArgumentException if the shard is not configured, or no event can have such an
   *     id
   * @throws RedriveException if the shard cannot be read or written
   */
  public RedriveOutcome redrive(EventKey key) {
    return run(Operation.REDRIVE, key);
  }

  /**
   * Deletes one event and redrives the events that are parked behind it.
   *
   * @throws IllegalArgumentException if the shard is not configured, or no event can have such an
   *     id
   * @throws RedriveException if the shard cannot be read or written
   */
  public RedriveOutcome discard(EventKey key) {
    return run(Operation.DISCARD, key);
  }

  private RedriveOutcome run(Operation operation, EventKey key) {
    Set<String> ids = Set.of(key.id());
    FailedRows failed = new FailedRows(FailedEvents.where().ids(ids).build());
    DataSource dataSource = shards.get(key.shard());
    try {
      HeadTransaction.Done done = new HeadTransaction(operation, failed).run(dataSource, ids);
      return done.heads().isEmpty()
          ? TableTransaction.run(dataSource, connection -> FailedRows.obstacle(connection, key))
              .orElseGet(Busy::new)
          : new RedriveOutcome.Done(done.followers().size());
    } catch (PassedOverException e) {
      return e.outcome();
    } catch (SQLException e) {
      throw new RedriveException(key.shard(), operation.title(), e);
    }
  }
}
