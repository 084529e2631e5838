package io.sluice.relay.reconcile;

import io.sluice.outbox.RecordHeaders;
import io.sluice.outbox.ShardId;
import io.sluice.relay.state.EventCopy;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/**
 * Looks up events on their topic by id and redrive count, starting at the time of their creation.
 * An event that is not found is missing, unless it is older than the topic's oldest records. Used
 * by one thread.
 */
final class TopicPresence implements AutoCloseable {

  private final TopicScan scan;
  private final Runnable onClose;

  /**
   * A lookup on one topic.
   *
   * @param onClose called after the scan was closed
   */
  TopicPresence(TopicScan scan, Runnable onClose) {
    this.scan = scan;
    this.onClose = onClose;
  }

  /**
   * The result of a lookup.
   *
   * @param found events on the topic
   * @param undecided events that were not found, but may have been deleted from the topic
   */
  public record Verdict(Set<EventCopy> found, Set<EventCopy> undecided) {}

  /**
   * Looks up events of a shard. Events of other shards may have the same ids.
   *
   * @param createdAt the events with their times of creation
   */
  public Verdict find(ShardId shard, Map<EventCopy, Instant> createdAt) {
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
    Optional<Instant> reach = missing.isEmpty() ? Optional.empty() : scan.reach();
    Set<EventCopy> undecided = new HashSet<>();
    reach.ifPresent(
        since ->
            missing.forEach(
                (copy, created) -> {
                  if (created.isBefore(since)) {
                    undecided.add(copy);
                  }
                }));
    return new Verdict(found, undecided);
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
    Header header = record.headers().lastHeader(name);
    return header == null
        ? Optional.empty()
        : Optional.of(new String(header.value(), StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    try {
      scan.close();
    } finally {
      onClose.run();
    }
  }
}
