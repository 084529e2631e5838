package io.sluice.redrive;

import io.sluice.outbox.ShardDataSources;
import io.sluice.outbox.ShardId;
import io.sluice.redrive.RedriveOutcome.Busy;
import io.sluice.redrive.RedriveReport.Ending;
import io.sluice.repository.EventKey;
import io.sluice.repository.internal.TableTransaction;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Sends events again that have failed for good, once the cause is put right, or gives them up.
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
 * <p>To redrive an event is to delete its row and insert it again in one transaction: with the same
 * id and contents, PENDING, without failures, and with a header {@code outbox-redrive} that counts
 * how often. So it goes the way of any other event, and its handler is called again with the same
 * id. A transaction happens or not, whatever crashes; done again after a crash, the rest is done.
 *
 * <p>What must not overtake a failed event goes with it, in its transaction and after it: the
 * events parked behind it, and those of its aggregate that are PENDING or RETRY. Where an event is
 * discarded it goes with it only if something is parked behind. They go in the order of their ids,
 * for a row does not tell when it was committed; ids ascend with the time they were made at, as
 * writers' clocks have it. Later events of the aggregate that were PUBLISHED before stay overtaken;
 * {@link #preview} counts such aggregates.
 *
 * <p>An event that fails again while this works is not taken up again. Rows that others hold are
 * not waited for, but reported. Each call borrows a connection of a shard at a time, and gives it
 * back as it was; the account needs SELECT, INSERT and DELETE on the table. Shards are done one
 * after another. Immutable and thread-safe.
 */
public final class Redrive {

  private final ShardDataSources shards;
  private final int eventsPerSecond;
  private final Pause pause;

  /** Of these shards, as fast as they go. */
  public Redrive(ShardDataSources shards) {
    this(shards, Integer.MAX_VALUE, Pause.REAL);
  }

  Redrive(ShardDataSources shards, int eventsPerSecond, Pause pause) {
    this.shards = Objects.requireNonNull(shards, "shards");
    this.eventsPerSecond = eventsPerSecond;
    this.pause = pause;
  }

  /**
   * The same, but slower: so many events a second, those that go with others counted too. With less
   * than 500 a second, pages of so many are read; for each the rows that wait are looked through
   * twice, so where many wait a low rate costs the database more than a high one.
   *
   * @throws IllegalArgumentException if it is not positive
   */
  public Redrive withRate(int eventsPerSecond) {
    if (eventsPerSecond < 1) {
      throw new IllegalArgumentException(
          "%d events a second: it must be 1 or more".formatted(eventsPerSecond));
    }
    return new Redrive(shards, eventsPerSecond, pause);
  }

  /**
   * What {@link #redrive(FailedEvents)} would do at present. Changes and locks nothing. For {@link
   * #discard(FailedEvents)} it says as much: the same events would be deleted, the same parked ones
   * sent again, and of the unfinished those of aggregates with parked ones; no order is lost by it.
   *
   * @throws IllegalArgumentException if a shard is not configured
   */
  public RedrivePreview preview(FailedEvents chosen) {
    Map<ShardId, ShardPreview> previews = new TreeMap<>();
    Map<ShardId, RedriveException> failures = new TreeMap<>();
    for (ShardId shard : shardsOf(chosen)) {
      try {
        previews.put(
            shard,
            TableTransaction.run(
                shards.get(shard),
                connection -> new Previewer(connection, chosen.selection()).look()));
      } catch (SQLException e) {
        failures.put(shard, new RedriveException(shard, "preview", e));
      }
    }
    return new RedrivePreview(previews, failures);
  }

  /**
   * Sends them again. May be interrupted between two transactions: it then returns what it has
   * done, and the thread's interrupt is set again.
   *
   * @throws IllegalArgumentException if a shard is not configured
   */
  public RedriveReport redrive(FailedEvents chosen) {
    return run(Operation.REDRIVE, chosen);
  }

  /**
   * Deletes them, and sends again what is parked behind them. May be interrupted likewise.
   *
   * @throws IllegalArgumentException if a shard is not configured
   */
  public RedriveReport discard(FailedEvents chosen) {
    return run(Operation.DISCARD, chosen);
  }

  private RedriveReport run(Operation operation, FailedEvents chosen) {
    Pace pace = new Pace(eventsPerSecond, pause);
    Map<ShardId, ShardReport> reports = new TreeMap<>();
    Set<String> unknownIds = new TreeSet<>(chosen.selection().ids());
    for (ShardId shard : shardsOf(chosen)) {
      ShardRun run = new ShardRun(shard, shards.get(shard), operation, chosen.selection(), pace);
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

  private Set<ShardId> shardsOf(FailedEvents chosen) {
    chosen.shards().forEach(shards::get);
    return chosen.shards().isEmpty() ? shards.shards() : chosen.shards();
  }

  /**
   * Sends one event again.
   *
   * @throws IllegalArgumentException if the shard is not configured, or no event has such an id
   * @throws RedriveException if the shard cannot be read or written
   */
  public RedriveOutcome redrive(EventKey key) {
    return run(Operation.REDRIVE, key);
  }

  /**
   * Deletes one event, and sends again what is parked behind it.
   *
   * @throws IllegalArgumentException if the shard is not configured, or no event has such an id
   * @throws RedriveException if the shard cannot be read or written
   */
  public RedriveOutcome discard(EventKey key) {
    return run(Operation.DISCARD, key);
  }

  private RedriveOutcome run(Operation operation, EventKey key) {
    Set<String> ids = Set.of(key.id());
    FailedRows failed = new FailedRows(FailedEvents.where().ids(ids).build().selection());
    HeadTransaction transaction = new HeadTransaction(operation, failed);
    try {
      return TableTransaction.run(
          shards.get(key.shard()), connection -> run(transaction, connection, key));
    } catch (PassedOverException e) {
      return e.outcome();
    } catch (SQLException e) {
      return RowFailure.of(e)
          .orElseThrow(() -> new RedriveException(key.shard(), operation.title(), e));
    }
  }

  private static RedriveOutcome run(
      HeadTransaction transaction, Connection connection, EventKey key) throws SQLException {
    HeadTransaction.Done done = transaction.run(connection, Set.of(key.id()));
    return done.heads().isEmpty()
        ? FailedRows.obstacle(connection, key).orElseGet(Busy::new)
        : new RedriveOutcome.Done(done.followers().size());
  }
}
