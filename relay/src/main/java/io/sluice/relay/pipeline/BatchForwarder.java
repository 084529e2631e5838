package io.sluice.relay.pipeline;

import io.debezium.engine.DebeziumEngine.ChangeConsumer;
import io.debezium.engine.DebeziumEngine.RecordCommitter;
import io.debezium.engine.RecordChangeEvent;
import io.sluice.relay.binlog.Decoded;
import io.sluice.relay.binlog.RowDecoder;
import io.sluice.relay.publish.Rejection;
import io.sluice.relay.publish.Routing;
import io.sluice.relay.publish.RowPlace;
import io.sluice.relay.shard.OperatorNeededException;
import io.sluice.relay.shard.OutboxRow;
import io.sluice.relay.shard.RelayException;
import io.sluice.relay.shard.RootCause;
import io.sluice.relay.shard.RowOrigin;
import io.sluice.relay.shard.ShardSource;
import io.sluice.relay.shard.TransientException;
import io.sluice.relay.state.WorkItem;
import io.sluice.relay.state.WorkItem.AwaitCommit;
import io.sluice.relay.state.WorkItem.MarkFailed;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.connect.source.SourceRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes the engine's batches, each with the position behind its last record. The only place
 * that advances a position, and it does so in the Kafka transaction that makes the events visible.
 *
 * <p>Called by one thread, the engine's. Whatever fails ends the engine: the batch that follows a
 * failed one must not be handled.
 */
public final class BatchForwarder implements ChangeConsumer<RecordChangeEvent<SourceRecord>> {

  private static final Logger LOG = LoggerFactory.getLogger(BatchForwarder.class);
  private static final Duration NOTE_INTERVAL = Duration.ofSeconds(10);

  /** Of a kind, kept in mind; beyond, the source waits until some are done. */
  private static final int MAX_OPEN_REPAIRS = 10_000;

  /** Long enough that thousands are put right meanwhile, so that a new run starts with fewer. */
  private static final Duration REPAIRS_PATIENCE = Duration.ofSeconds(20);

  private final ShardSource source;
  private final RowDecoder decoder;
  private final Routing routing;
  private final Destination destination;
  private final TransactionCursor cursor;
  private final Progress progress;
  private long setAside;
  private long setAsideNotedAt = System.nanoTime() - NOTE_INTERVAL.toNanos();
  private boolean failed;

  /**
   * Forwards one engine run.
   *
   * @param cursor at the position the engine starts from
   */
  public BatchForwarder(
      ShardSource source,
      Routing routing,
      Destination destination,
      TransactionCursor cursor,
      Progress progress) {
    this.source = source;
    this.decoder = new RowDecoder(source);
    this.routing = routing;
    this.destination = destination;
    this.cursor = cursor;
    this.progress = progress;
  }

  @Override
  public void handleBatch(
      List<RecordChangeEvent<SourceRecord>> batch,
      RecordCommitter<RecordChangeEvent<SourceRecord>> committer)
      throws InterruptedException {
    if (failed) {
      throw new IllegalStateException("the batch before this one failed, so none may follow it");
    }
    failed = true;
    progress.activity().begin();
    try {
      forward(batch);
      failed = false;
    } catch (RelayException e) {
      throw ending(e);
    } catch (RuntimeException e) {
      // Not as it is: the engine goes on after Kafka Connect's retriable exceptions.
      throw ending(new TransientException("a batch could not be published: " + RootCause.of(e), e));
    } catch (Error e) {
      ending(new TransientException("a batch could not be published: " + e, e));
      throw e;
    } finally {
      progress.activity().end(!failed);
    }
  }

  /** The run need not wait for the engine's end, which takes its time. */
  private RelayException ending(RelayException cause) {
    progress.fails(cause);
    return cause;
  }

  private void forward(List<RecordChangeEvent<SourceRecord>> changes) throws InterruptedException {
    Batch batch = new Batch();
    Map<String, ?> offset = Map.of();
    for (RecordChangeEvent<SourceRecord> change : changes) {
      SourceRecord captured = change.record();
      offset = captured.sourceOffset();
      add(decoder.decode(captured), batch);
    }
    progress.hears(offset);
    cursor.moveTo(offset);
    progress.seenEnd().ifPresent(cursor::noteEnd);
    if (!batch.isEmpty() || cursor.isWorthStoring()) {
      publish(batch);
    }
    progress.readUpTo(cursor.position(), offset);
    progress.passedOver(batch);
  }

  private void add(Decoded decoded, Batch batch) {
    Optional<RowOrigin> origin = decoded.origin();
    if (origin.isEmpty()) {
      return;
    }
    if (!cursor.isNew(origin.get())) {
      batch.drop();
      return;
    }
    RowPlace place = RowPlace.inBinlog(origin.get(), cursor.ordinal(origin.get()));
    if (decoded instanceof Decoded.Row row) {
      add(row.row(), place, batch);
    } else if (decoded instanceof Decoded.Prepared row) {
      batch.awaitCommit(
          new AwaitCommit(row.rowOrigin().shard(), row.id(), row.rowOrigin().transaction()));
    } else if (decoded instanceof Decoded.Unreadable row) {
      batch.quarantine(routing.deadLetters().quarantine(row, place));
    }
  }

  private void add(OutboxRow row, RowPlace place, Batch batch) {
    ProducerRecord<byte[], byte[]> record;
    try {
      record = routing.records().make(row, place);
    } catch (IllegalArgumentException e) {
      batch.quarantine(
          routing
              .deadLetters()
              .quarantine(row, place, Rejection.ofNew(String.valueOf(e.getMessage()))));
      return;
    }
    batch.publish(record);
    if (routing.topics().domains().isCompletedByRelay(row.domain())) {
      batch.complete(row);
    }
  }

  /**
   * What is open is in memory, so it must not grow with what is wrong, nor with what is published
   * faster than it can be put right.
   */
  private void awaitRepairs() throws InterruptedException {
    awaitFew(
        AwaitCommit.class,
        "outbox rows of XA transactions that are prepared wait to be committed or rolled back; waiting for decisions (XA RECOVER on the server lists them)");
    awaitFew(
        MarkFailed.class,
        "rows that were set aside are not marked FAILED yet; waiting for that (the account needs UPDATE on the outbox table)");
  }

  private void awaitFew(Class<? extends WorkItem> kind, String problem)
      throws InterruptedException {
    if (!destination.repairs().awaitAtMost(MAX_OPEN_REPAIRS, kind, REPAIRS_PATIENCE)) {
      throw new TransientException(
          "shard '%s': %d %s".formatted(source.id(), destination.repairs().count(kind), problem),
          null);
    }
  }

  private void publish(Batch batch) throws InterruptedException {
    if (!batch.repairs().isEmpty()) {
      awaitRepairs();
    }
    List<ProducerRecord<byte[], byte[]>> state = batch.repairRecords(destination.slot());
    state.add(destination.slot().record(cursor.position()));
    long begin = System.nanoTime();
    send(batch, state);
    Duration took = Duration.ofNanos(System.nanoTime() - begin);
    cursor.stored();
    destination.repairs().addAll(batch.repairs());
    destination.completions().addAll(batch.completed());
    progress.published(batch, took);
    noteSetAside(batch);
  }

  /** The first at once, those after it together, lest the log repeats what the topic holds. */
  private void noteSetAside(Batch batch) {
    setAside += batch.quarantined();
    if (batch.quarantined() == 0 || System.nanoTime() - setAsideNotedAt < NOTE_INTERVAL.toNanos()) {
      return;
    }
    LOG.warn(
        "shard '{}': {} rows were set aside on a dead-letter topic{}",
        source.id(),
        setAside,
        batch.repairs().stream()
            .filter(MarkFailed.class::isInstance)
            .map(MarkFailed.class::cast)
            .findFirst()
            .map(row -> ", such as event %s: %s".formatted(row.eventId(), row.reason()))
            .orElse(""));
    setAside = 0;
    setAsideNotedAt = System.nanoTime();
  }

  private void send(Batch batch, List<ProducerRecord<byte[], byte[]>> state) {
    try {
      destination.publisher().publish(batch.records(), state);
    } catch (OperatorNeededException e) {
      throw routing.judge(e, batch.topics());
    }
  }
}
