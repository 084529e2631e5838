package io.sluice.relay.reconcile;

import static java.util.stream.Collectors.toSet;

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
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/**
 * Looks up rows on their topics by id and redrive count, starting at the time of their insertion.
 * An event that is not found is missing, unless the topic may have deleted its record. Used by one
 * thread.
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

  /**
   * Looks up rows of one topic; empty if the topic cannot be read.
   *
   * @param isUnread whether a row is certainly not on the topic if it is not found at its time
   */
  Optional<Verdict> find(String topic, Collection<Candidate> rows, Predicate<Candidate> isUnread) {
    return unreadable.read(topic, () -> lookUp(topic, rows, isUnread));
  }

  private Verdict lookUp(String topic, Collection<Candidate> rows, Predicate<Candidate> isUnread) {
    // The topic may not exist yet: the row may be its first.
    if (topic.equals(NO_TOPIC) || !(topics.look(topic) instanceof Topic.Open)) {
      // An earlier configuration may have published the rows to another topic.
      return new Verdict(Set.of(), rows.stream().map(Candidate::event).collect(toSet()));
    }
    // A row without a time is unpublishable, so it has never been on the topic.
    List<Candidate> publishable =
        rows.stream().filter(row -> row.times().createdAt().isPresent()).toList();
    return publishable.isEmpty()
        ? new Verdict(Set.of(), Set.of())
        : scans.scan(topic, scan -> find(scan, shard, publishable, isUnread));
  }

  /** Looks up events of a shard. Events of other shards may have the same ids. */
  static Verdict find(
      TopicScan scan, ShardId shard, List<Candidate> rows, Predicate<Candidate> isUnread) {
    Instant oldest =
        rows.stream().map(row -> row.times().searchFrom()).min(Instant::compareTo).orElseThrow();
    Map<EventCopy, Candidate> missing = new HashMap<>();
    rows.forEach(row -> missing.put(row.event(), row));
    find(scan, shard, oldest.minus(NEAR), missing);
    if (!missing.values().stream().allMatch(isUnread)) {
      find(scan, shard, oldest.minus(FAR), missing);
    }
    Set<EventCopy> found = rows.stream().map(Candidate::event).collect(toSet());
    found.removeAll(missing.keySet());
    if (!missing.isEmpty()) {
      Instant completeSince = scan.completeSince();
      missing.values().removeIf(row -> !row.times().recordSince().isBefore(completeSince));
    }
    return new Verdict(found, missing.keySet());
  }

  private static void find(
      TopicScan scan, ShardId shard, Instant from, Map<EventCopy, Candidate> missing) {
    scan.from(
        from,
        record -> {
          if (isOf(shard, record)) {
            copy(record).ifPresent(missing::remove);
          }
        },
        missing::isEmpty);
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
