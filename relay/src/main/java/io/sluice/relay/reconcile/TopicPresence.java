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
 * Looks for events on their topic by id and count of redrives, from the time they were created on.
 * What it does not find is not there, as far as the topic reaches back. Used by one thread.
 */
final class TopicPresence implements AutoCloseable {

  private final TopicScan scan;
  private final Runnable onClose;

  /**
   * Looks through a topic.
   *
   * @param onClose called once it has been closed
   */
  TopicPresence(TopicScan scan, Runnable onClose) {
    this.scan = scan;
    this.onClose = onClose;
  }

  /**
   * What became of events.
   *
   * @param found on the topic
   * @param undecided not found, but the topic may have had and deleted them
   */
  public record Verdict(Set<EventCopy> found, Set<EventCopy> undecided) {}

  /**
   * Looks for events of a shard; those of another may have the same ids.
   *
   * @param createdAt of each
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

  /** One that does not say is somebody else's, made for an event all the same. */
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
