package io.sluice.relay.pipeline;

import io.sluice.relay.capture.Captured;
import io.sluice.relay.capture.CapturedBatch;
import io.sluice.relay.capture.CapturedRows;
import io.sluice.relay.capture.Decoded;
import io.sluice.relay.capture.StatementInsert;
import io.sluice.relay.record.RecordFactory;
import io.sluice.relay.record.RowPlace;
import io.sluice.relay.shard.RelayException;
import io.sluice.relay.shard.RootCause;
import io.sluice.relay.shard.RowOrigin;
import io.sluice.relay.shard.ShardSource;
import io.sluice.relay.shard.TransientException;
import io.sluice.relay.state.Position;
import io.sluice.relay.state.WorkItem;
import io.sluice.relay.state.WorkItem.AwaitCommit;
import io.sluice.relay.state.WorkItem.MarkFailed;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes the engine's batches, each together with the position after its last record. Only this
 * class advances a position, and it does so in the Kafka transaction that makes the events visible.
 *
 * <p>Called by the engine's thread only. Any failure ends the engine, because a batch must not be
 * handled after a failed one.
 */
public final class BatchForwarder implements CapturedBatch.Handler {

  private static final Logger LOG = LoggerFactory.getLogger(BatchForwarder.class);
  private static final Duration LOG_INTERVAL = Duration.ofSeconds(10);

  /** Maximum open work items of each kind. Above it the forwarder blocks. */
  private static final int MAX_OPEN_WORK_ITEMS = 10_000;

  /** Long enough to complete thousands of work items, so that a new run starts with fewer. */
  private static final Duration WORK_ITEMS_PATIENCE = Duration.ofSeconds(20);

  private final ShardSource source;
  private final RecordFactory records;
  private final Destination destination;
  private final TransactionCursor cursor;
  private final Progress progress;
  private final StatementGaps statementGaps = new StatementGaps();
  private long quarantined;
  private Optional<MarkFailed> quarantinedRow = Optional.empty();
  private long quarantineLoggedAt = System.nanoTime() - LOG_INTERVAL.toNanos();
  private boolean failed;

  /**
   * Forwards one engine run.
   *
   * @param cursor at the position the engine starts from
   */
  public BatchForwarder(
      ShardSource source,
      RecordFactory records,
      Destination destination,
      TransactionCursor cursor,
      Progress progress) {
    this.source = source;
    this.records = records;
    this.destination = destination;
    this.cursor = cursor;
    this.progress = progress;
  }

  @Override
  public void handle(CapturedBatch captured) throws InterruptedException {
    if (failed) {
      throw new IllegalStateException("the previous batch failed, so no batch may follow it");
    }
    failed = true;
    progress.begin();
    try {
      forward(captured);
      failed = false;
    } catch (RelayException e) {
      throw ending(e);
    } catch (RuntimeException e) {
      // Wrapped, because the engine continues after Kafka Connect's retriable exceptions.
      throw ending(new TransientException("a batch could not be published: " + RootCause.of(e), e));
    } catch (Error e) {
      ending(new TransientException("a batch could not be published: " + e, e));
      throw e;
    } finally {
      progress.end(!failed);
    }
  }

  /** Reports the failure to the run at once, because the engine needs some time to end. */
  private RelayException ending(RelayException cause) {
    progress.fails(cause);
    return cause;
  }

  private void forward(CapturedBatch captured) throws InterruptedException {
    Batch batch = new Batch();
    for (Captured part : captured.captured()) {
      if (part instanceof CapturedRows rows) {
        rows.rows().forEach(row -> add(rows.decode(row), batch));
      } else if (part instanceof StatementInsert insert) {
        statementGaps.gap(insert).ifPresent(batch::reconcile);
      }
    }
    end(batch, captured);
  }

  private void end(Batch batch, CapturedBatch captured) throws InterruptedException {
    Map<String, ?> offset = captured.offset();
    progress.hears(offset);
    cursor.moveTo(offset, captured.isOpen());
    progress.seenEnd().ifPresent(cursor::noteEnd);
    Position reached = progress.timed(cursor.position(), captured.isIdle());
    if (!batch.isEmpty() || cursor.isWorthStoring()) {
      publish(batch, reached);
    }
    progress.count(batch);
    progress.readUpTo(reached, captured.isIdle());
  }

  private void add(Decoded decoded, Batch batch) {
    RowOrigin origin = decoded.origin();
    if (!cursor.isNew(origin)) {
      batch.drop();
      return;
    }
    RowPlace place = RowPlace.inBinlog(origin, cursor.ordinal(origin));
    if (decoded instanceof Decoded.Row row) {
      batch.add(records.make(row.row(), place, 0));
    } else if (decoded instanceof Decoded.Prepared row) {
      batch.awaitCommit(new AwaitCommit(origin.shard(), row.id(), origin.transaction()));
    } else if (decoded instanceof Decoded.Finished) {
      batch.skip();
    } else if (decoded instanceof Decoded.Invalid row) {
      batch.add(records.deadLetter(origin.shard(), row.id(), row.reason(), place));
    }
  }

  /**
   * Waits until few work items are open. They are kept in memory, so their number must not grow
   * with the number of failures, or when events arrive faster than the work is done.
   */
  private void awaitWorkItems() throws InterruptedException {
    awaitFew(
        AwaitCommit.class,
        "outbox rows belong to prepared XA transactions that are neither committed nor rolled back;"
            + " waiting for their decision (XA RECOVER on the server lists them)");
    awaitFew(
        MarkFailed.class,
        "quarantined rows are not marked FAILED yet; waiting for that (the account needs UPDATE on"
            + " the outbox table)");
  }

  private void awaitFew(Class<? extends WorkItem> kind, String problem)
      throws InterruptedException {
    if (!destination.pendingWork().awaitAtMost(MAX_OPEN_WORK_ITEMS, kind, WORK_ITEMS_PATIENCE)) {
      throw new TransientException(
          "shard '%s': %d %s"
              .formatted(source.id(), destination.pendingWork().count(kind), problem),
          null);
    }
  }

  private void publish(Batch batch, Position reached) throws InterruptedException {
    if (!batch.workItems().isEmpty()) {
      awaitWorkItems();
    }
    long begin = System.nanoTime();
    destination.publish(batch, reached);
    Duration took = Duration.ofNanos(System.nanoTime() - begin);
    cursor.stored();
    progress.stored(took);
    logQuarantine(batch);
  }

  /** Logs the first quarantined row at once and later ones in one line per interval. */
  private void logQuarantine(Batch batch) {
    quarantined += batch.quarantined();
    batch.workItems().stream()
        .filter(MarkFailed.class::isInstance)
        .map(MarkFailed.class::cast)
        .findFirst()
        .ifPresent(row -> quarantinedRow = Optional.of(row));
    if (quarantined == 0 || System.nanoTime() - quarantineLoggedAt < LOG_INTERVAL.toNanos()) {
      return;
    }
    LOG.warn(
        "shard '{}': {} rows were quarantined to a dead-letter topic{}",
        source.id(),
        quarantined,
        quarantinedRow
            .map(row -> ", such as event %s: %s".formatted(row.eventId(), row.reason()))
            .orElse(""));
    quarantined = 0;
    quarantinedRow = Optional.empty();
    quarantineLoggedAt = System.nanoTime();
  }
}
