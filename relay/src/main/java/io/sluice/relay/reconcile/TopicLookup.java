package io.sluice.relay.reconcile;

import io.sluice.outbox.EventDomain;
import io.sluice.outbox.RecordHeaders;
import io.sluice.outbox.ShardId;
import io.sluice.relay.kafka.TopicAdmin.Topic;
import io.sluice.relay.reconcile.UnfinishedRows.Candidate;
import io.sluice.relay.record.TopicCatalog;
import io.sluice.relay.state.EventCopy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/**
 * Looks up events on their topics by id and redrive count, starting at the time of the insertion of
 * their rows. An event that is not found is missing, unless the topic may have deleted its record.
 * Used by one thread.
 */
public final class TopicLookup {

  private static final String NO_TOPIC = "";

  /** By how much a record may be older than its row, if clocks are right. */
  private static final Duration NEAR = Duration.ofMinutes(5);

  /**
   * By how much a record may be older than its row, if the clock of its writer was ahead, or if the
   * row has the time of another zone. The largest offset of a zone is 14 hours.
   */
  private static final Duration FAR = Duration.ofHours(14).plus(RowTimes.SKEW);

  private final ShardId shard;
  private final TopicScans scans;
  private final TopicCatalog topics;
  private final UnreadableTopics unreadable;

  /**
   * A lookup for one shard.
   *
   * @param retry after a topic could not be read
   */
  public TopicLookup(ShardId shard, TopicScans scans, TopicCatalog topics, Duration retry) {
    this.shard = shard;
    this.scans = scans;
    this.topics = topics;
    this.unreadable = new UnreadableTopics(shard, retry);
  }

  /** Begins a lookup of many rows, which the caller closes. */
  RowLookup begin(ReconcilePass pass, ReconcileWindow window) {
    return new RowLookup(pass, window, this, scans.memory());
  }

  /** The name of the row's topic; empty if it cannot be determined. */
  String topic(Candidate row) {
    try {
      return topics
          .directory()
          .topic(EventDomain.of(row.domain()), row.aggregateType(), row.eventType(), shard);
    } catch (IllegalArgumentException e) {
      return NO_TOPIC; // quarantined when the whole row is read
    }
  }

  /** Looks up events on a topic, unless it cannot be read. */
  void find(String topic, TopicEvents events) {
    unreadable.read(topic, () -> lookUp(topic, events));
  }

  private boolean lookUp(String topic, TopicEvents events) {
    // The topic may not exist yet: the row may be its first.
    if (topic.equals(NO_TOPIC) || !(topics.look(topic) instanceof Topic.Open)) {
      events.read(Optional.empty());
    } else if (events.areFound()) {
      events.read(Optional.of(Instant.MIN));
    } else {
      scans.scan(topic, scan -> find(scan, shard, events));
    }
    return true;
  }

  /**
   * Looks up events of a shard. Events of other shards may have the same ids. Reads each record at
   * most once.
   */
  static boolean find(TopicScan scan, ShardId shard, TopicEvents events) {
    Instant oldest = events.oldest().orElseThrow();
    find(scan, shard, oldest.minus(NEAR), events);
    if (!events.areNear()) {
      find(scan, shard, oldest.minus(FAR), events);
    }
    events.read(Optional.of(events.areFound() ? Instant.MIN : scan.completeSince()));
    return true;
  }

  private static void find(TopicScan scan, ShardId shard, Instant from, TopicEvents events) {
    scan.from(
        from,
        record -> {
          if (isOf(shard, record)) {
            copy(record).ifPresent(events::found);
          }
        },
        events::areFound);
  }

  /** A record without the shard header comes from another producer and counts as a match. */
  private static boolean isOf(ShardId shard, ConsumerRecord<byte[], byte[]> record) {
    return header(record, RecordHeaders.SHARD).map(shard.value()::equals).orElse(true);
  }

  private static Optional<EventCopy> copy(ConsumerRecord<byte[], byte[]> record) {
    return header(record, RecordHeaders.ID)
        .map(
            id -> new EventCopy(id, header(record, RecordHeaders.REDRIVE).orElse(EventCopy.FIRST)));
  }

  private static Optional<String> header(ConsumerRecord<byte[], byte[]> record, String name) {
    return Optional.ofNullable(record.headers().lastHeader(name))
        .map(Header::value)
        .map(value -> new String(value, StandardCharsets.UTF_8));
  }
}
