package io.sluice.handlers.internal.consume;

import io.sluice.handlers.api.HandledEvent;
import io.sluice.outbox.EventDomain;
import io.sluice.outbox.ShardId;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Reads events from a domain's records. Owned by the consumer's thread. */
final class RecordReader {

  /** Bounds the memory, because any producer may write names into headers. */
  private static final int MAX_KNOWN_SHARDS = 10_000;

  private final EventDomain domain;

  /** The shards by their names, because checking a name costs more than finding it. */
  private final Map<String, ShardId> shards = new HashMap<>();

  /** The result of reading a record. */
  sealed interface Result {

    /** An event. Its attempt and retry limit are taken from its row later. */
    record Event(HandledEvent event) implements Result {
      public Event {
        Objects.requireNonNull(event, "event");
      }
    }

    /** A record that was not written by a relay, and the reason. */
    record Foreign(String reason) implements Result {
      public Foreign {
        Objects.requireNonNull(reason, "reason");
      }
    }
  }

  RecordReader(EventDomain domain) {
    this.domain = domain;
  }

  Result read(ConsumerRecord<byte[], byte[]> record) {
    RecordFields fields = RecordFields.of(record.headers());
    Optional<String> missing = fields.missing();
    if (missing.isPresent()) {
      return new Result.Foreign("it has no header '%s'".formatted(missing.get()));
    }
    if (record.value() == null) {
      return new Result.Foreign("it has no value");
    }
    if (!fields.get(RecordFields.Field.DOMAIN).equals(domain.name())) {
      return new Result.Foreign("its header 'outbox-domain' is not %s".formatted(domain));
    }
    if (!isId(fields.get(RecordFields.Field.ID))) {
      return new Result.Foreign("its header 'id' is not 1 to 36 characters of ASCII");
    }
    return event(record, fields);
  }

  /**
   * Whether the text fits the id column: up to 36 ASCII characters. Ids are logged, so a line break
   * in one could forge log lines.
   */
  private static boolean isId(String text) {
    if (text.isEmpty() || text.length() > 36) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) <= ' ' || text.charAt(i) > '~') {
        return false;
      }
    }
    return true;
  }

  private Result event(ConsumerRecord<byte[], byte[]> record, RecordFields fields) {
    ShardId shard;
    if (shards.size() > MAX_KNOWN_SHARDS) {
      shards.clear();
    }
    try {
      shard = shards.computeIfAbsent(fields.get(RecordFields.Field.SHARD), ShardId::of);
    } catch (IllegalArgumentException e) {
      return new Result.Foreign("its header 'outbox-shard' is not the name of a shard");
    }
    return new Result.Event(
        HandledEvent.builder(domain, fields.get(RecordFields.Field.EVENT_TYPE))
            .id(fields.get(RecordFields.Field.ID))
            .shard(shard)
            .aggregate(
                fields.get(RecordFields.Field.AGGREGATE_TYPE),
                fields.get(RecordFields.Field.AGGREGATE_ID))
            .payload(record.value())
            .headers(fields.own())
            .createdAt(fields.createdAt(record.timestamp()))
            .maxRetries(fields.maxRetries())
            .build());
  }
}
