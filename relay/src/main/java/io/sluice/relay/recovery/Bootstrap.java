package io.sluice.relay.recovery;

import io.sluice.outbox.ShardId;
import io.sluice.relay.binlog.SchemaHistorySeed;
import io.sluice.relay.kafka.KafkaSettings;
import io.sluice.relay.kafka.TopicAdmin;
import io.sluice.relay.mysql.ServerFailures;
import io.sluice.relay.mysql.TableAccess;
import io.sluice.relay.publish.DeliveryGuarantee;
import io.sluice.relay.shard.ShardSource;
import io.sluice.relay.state.InternalTopics;
import io.sluice.relay.state.Position;
import io.sluice.relay.state.PositionSlot;
import io.sluice.relay.state.WorkItem.ReconcileGap;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Starts a source at the current end of its binlog, when it is new or its position is lost. Events
 * that were committed before are found by reconciliation. Thread-safe.
 */
public final class Bootstrap {

  private static final int EDITION_LETTERS = 8;
  private static final String UNFINISHED =
      "SELECT EXISTS (SELECT 1 FROM {table} WHERE status IN ('PENDING', 'RETRY'))";
  private static final Pattern EDITION = Pattern.compile("[0-9a-f]{" + EDITION_LETTERS + "}");

  private final KafkaSettings kafka;
  private final InternalTopics internal;
  private final DeliveryGuarantee delivery;
  private final TopicAdmin topics;

  public Bootstrap(
      KafkaSettings kafka,
      InternalTopics internal,
      DeliveryGuarantee delivery,
      short replicationFactor) {
    this.kafka = kafka;
    this.internal = internal;
    this.delivery = delivery;
    this.topics = new TopicAdmin(kafka, replicationFactor);
  }

  /**
   * A position at the current end of the binlog, ready to be stored.
   *
   * @param position a position from which the engine can start; its schema history exists
   * @param gaps the gaps before the position that have to be reconciled
   */
  public record NewPosition(Position position, List<ReconcileGap> gaps) {

    /** The records that store this as the source's state. Publish them in one transaction. */
    public List<ProducerRecord<byte[], byte[]>> records(PositionSlot slot) {
      List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
      gaps.forEach(gap -> records.add(slot.record(gap)));
      // Last, because without a transaction a stored position must not hide a gap.
      records.add(slot.record(position));
      return records;
    }
  }

  /**
   * Determines the current position, and writes the names of the tables' columns at it to a new
   * schema history topic. A separate topic is needed because another relay may do the same at the
   * same time.
   *
   * @param from the earliest commit time of a transaction that was not read; empty if unknown
   * @param cause the reason for the new position, for reports
   */
  public NewPosition at(ShardSource source, Optional<Instant> from, String cause) {
    SchemaSnapshot snapshot = SchemaSnapshot.capture(source, delivery);
    List<ReconcileGap> gaps = new ArrayList<>();
    for (TableAccess table : TableAccess.maintained(source)) {
      if (snapshot.mayHideRows() || hasUnfinishedRows(source, table)) {
        gaps.add(new ReconcileGap(table.shard(), from, Instant.now(), cause));
      }
    }
    return new NewPosition(snapshot.position(createHistory(source, snapshot)), gaps);
  }

  /** Whether the table contains rows that may be unpublished, and are before the position. */
  private static boolean hasUnfinishedRows(ShardSource source, TableAccess table) {
    try (Connection connection = table.connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(table.sql(UNFINISHED))) {
      return row.next() && row.getBoolean(1);
    } catch (SQLException e) {
      throw ServerFailures.classify(source, e);
    }
  }

  private String createHistory(ShardSource source, SchemaSnapshot snapshot) {
    String history = internal.schemaHistory(source.id(), edition());
    topics.createUnlimited(history);
    try {
      SchemaHistorySeed.write(source, kafka, history, snapshot.offset(), snapshot.columns());
      return history;
    } catch (RuntimeException e) {
      forget(history);
      throw e;
    }
  }

  private static String edition() {
    return UUID.randomUUID().toString().substring(0, EDITION_LETTERS);
  }

  /**
   * Deletes all schema histories of a source except this one: those of former positions, and those
   * that were created but never used. Only the owner may call this, after its position is stored.
   */
  public void forgetOthers(ShardId source, String history) {
    topics.names().stream()
        .filter(name -> isHistory(name, source) && !name.equals(history))
        .forEach(this::forget);
  }

  private boolean isHistory(String topic, ShardId source) {
    String prefix = internal.schemaHistory(source, "");
    return topic.startsWith(prefix) && EDITION.matcher(topic.substring(prefix.length())).matches();
  }

  public DeliveryGuarantee delivery() {
    return delivery;
  }

  /** Deletes a schema history that no position refers to. */
  public void forget(String history) {
    topics.delete(history);
  }
}
