package io.sluice.relay.reconcile;

import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;

import io.sluice.outbox.EventDomain;
import io.sluice.outbox.RecordHeaders;
import io.sluice.outbox.ShardId;
import io.sluice.relay.kafka.TopicAdmin.Topic;
import io.sluice.relay.publish.TopicCatalog;
import io.sluice.relay.reconcile.UnfinishedRows.Candidate;
import io.sluice.relay.state.EventCopy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/**
 * Looks up rows on their topics by id and redrive count, starting at the time of their creation. An
 * event that is not found is missing, unless the topic may have deleted its record. Used by one
 * thread.
 */
public final class TopicLookup {

  private static final String NO_TOPIC = "";

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

  /**
   * The result of a lookup. All other events are missing.
   *
   * @param found events on the topic
   * @param undecided events that were not found, but may have been deleted from the topic
   */
  record Verdict(Set<EventCopy> found, Set<EventCopy> undecided) {}

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

  /** Looks up rows of one topic; empty if the topic cannot be read. */
  Optional<Verdict> find(String topic, Collection<Candidate> rows) {
    return unreadable.read(topic, () -> lookUp(topic, rows));
  }

  private Verdict lookUp(String topic, Collection<Candidate> rows) {
    // The topic may not exist yet: the row may be its first.
    if (topic.equals(NO_TOPIC) || !(topics.look(topic) instanceof Topic.Open)) {
      // An earlier configuration may have published the rows to another topic.
      return new Verdict(Set.of(), rows.stream().map(Candidate::event).collect(toSet()));
    }
    // A row without a time is unpublishable, so it has never been on the topic.
    Map<EventCopy, Instant> createdAt =
        rows.stream()
            .filter(row -> row.createdAt().isPresent())
            .collect(toMap(Candidate::event, row -> row.createdAt().get(), (one, same) -> one));
    return createdAt.isEmpty()
        ? new Verdict(Set.of(), Set.of())
        : scans.scan(topic, scan -> find(scan, shard, createdAt));
  }

  /**
   * Looks up events of a shard. Events of other shards may have the same ids.
   *
   * @param createdAt the events with their times of creation
   */
  static Verdict find(TopicScan scan, ShardId shard, Map<EventCopy, Instant> createdAt) {
    Instant oldest = createdAt.values().stream().min(Instant::compareTo).orElse(Instant.MAX);
    Map<EventCopy, Instant> missing = new HashMap<>(createdAt);
    scan.from(
        oldest,
        record -> {
          if (isOf(shard, record)) {
            copy(record).ifPresent(missing::remove);
          }
        },
        missing::isEmpty);
    Set<EventCopy> found = new HashSet<>(createdAt.keySet());
    found.removeAll(missing.keySet());
    if (!missing.isEmpty()) {
      Instant completeSince = scan.completeSince();
      missing.values().removeIf(created -> !created.isBefore(completeSince));
    }
    return new Verdict(found, missing.keySet());
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
