package io.sluice.relay.recovery;

import io.sluice.outbox.ShardId;
import io.sluice.relay.binlog.SchemaHistorySeed;
import io.sluice.relay.kafka.KafkaSettings;
import io.sluice.relay.publish.Delivery;
import io.sluice.relay.publish.TopicProvisioner;
import io.sluice.relay.shard.ShardSource;
import io.sluice.relay.shard.ShardTable;
import io.sluice.relay.state.InternalTopics;
import io.sluice.relay.state.Position;
import io.sluice.relay.state.PositionSlot;
import io.sluice.relay.state.WorkItem.SweepGap;
import io.sluice.relay.state.WorkItemFormat;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Makes a source begin at the present end of its binlog: when it is new, or when its position is
 * lost. What was committed before is found by a sweep. Thread-safe.
 */
public final class Bootstrap {

  private static final int EDITION_LETTERS = 8;
  private static final Pattern EDITION = Pattern.compile("[0-9a-f]{" + EDITION_LETTERS + "}");

  private final KafkaSettings kafka;
  private final InternalTopics internal;
  private final Delivery delivery;
  private final TopicProvisioner topics;

  public Bootstrap(
      KafkaSettings kafka, InternalTopics internal, Delivery delivery, short replicationFactor) {
    this.kafka = kafka;
    this.internal = internal;
    this.delivery = delivery;
    this.topics = new TopicProvisioner(kafka, replicationFactor);
  }

  /**
   * A position at the present, ready to be stored.
   *
   * @param position the engine can start from; its schema history exists already
   * @param gaps what lies before it and has to be swept
   */
  public record Beginning(Position position, List<SweepGap> gaps) {

    /** What makes this the source's state; to be published as a whole. */
    public List<ProducerRecord<byte[], byte[]>> records(PositionSlot slot) {
      List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
      gaps.forEach(gap -> records.add(slot.workItem(gap.key(), WorkItemFormat.toJson(gap))));
      // Last: where they are not published as a whole, no position may hide what is open.
      records.add(slot.record(position));
      return records;
    }
  }

  /**
   * Takes the present position, and writes the tables' definitions there into a history of its own,
   * so that nobody who does the same at the same time can disturb it.
   *
   * @param from the earliest time of what was not read; empty if unknown
   * @param cause why there is a new position, for reports
   */
  public Beginning at(ShardSource source, Optional<Instant> from, String cause) {
    FirstPosition first = FirstPosition.capture(source, delivery);
    List<SweepGap> gaps = new ArrayList<>();
    for (ShardTable table : source.tables()) {
      if (first.mayHideRows()
          ? table.layout().hasDelivery()
          : FirstPosition.hasUnpublishedRows(source, table)) {
        gaps.add(gap(table.shard(), from, cause));
      }
    }
    return new Beginning(first.position(history(source, first)), gaps);
  }

  private String history(ShardSource source, FirstPosition first) {
    String history = internal.schemaHistory(source.id(), edition());
    topics.create(List.of(topics.historyTopic(history)));
    try {
      SchemaHistorySeed.write(source, kafka, history, first.offset(), first.createTables());
      return history;
    } catch (RuntimeException e) {
      forget(history);
      throw e;
    }
  }

  private static SweepGap gap(ShardId shard, Optional<Instant> from, String cause) {
    return new SweepGap(shard, from, Instant.now(), cause);
  }

  private static String edition() {
    return UUID.randomUUID().toString().substring(0, EDITION_LETTERS);
  }

  /**
   * Removes all histories of a source but this one: those of beginnings that were given up, or that
   * never came to be. For its owner alone, once its position is certain.
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

  public Delivery delivery() {
    return delivery;
  }

  /** Removes a history that no position names any more; leaves nothing behind but a topic. */
  public void forget(String history) {
    topics.delete(history);
  }
}
