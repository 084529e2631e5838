package io.sluice.relay.publish;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sluice.outbox.RecordHeaders;
import io.sluice.relay.shard.OutboxRow;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.utils.Utils;

/**
 * Creates the Kafka record of an outbox row. The format is described in {@code docs/records.md}.
 * Thread-safe.
 */
public final class RecordFactory {

  /** Maximum bytes of the length fields of a header. */
  private static final int HEADER_OVERHEAD = 10;

  private final TopicDirectory topics;
  private final RecordLimits limits;
  private final RecordFormat format;

  RecordFactory(TopicDirectory topics, RecordLimits limits, RecordFormat format) {
    this.topics = topics;
    this.limits = limits;
    this.format = format;
  }

  /**
   * Creates the record of a row.
   *
   * @param place where the row was read
   * @throws IllegalArgumentException if the row cannot be published
   * @throws io.sluice.relay.shard.RelayException if its topic does not exist and cannot be created
   */
  public ProducerRecord<byte[], byte[]> make(OutboxRow row, RowPlace place) {
    String topic = topics.topic(row);
    List<Header> headers = headers(row);
    add(headers, place.header(), place.value());
    byte[] key = row.aggregateId().getBytes(UTF_8);
    limits.refuseTooLarge(bytes(key, row.payload(), headers), topic);
    return new ProducerRecord<>(topic, null, timestamp(row, place), key, row.payload(), headers);
  }

  /**
   * The time when the event was created. An event that may be published long after that gets the
   * current time, because Kafka might otherwise delete it by retention before it is consumed.
   */
  private static long timestamp(OutboxRow row, RowPlace place) {
    long createdAt = row.createdAt().toEpochMilli();
    boolean isLate = place.isInTable() || row.headers().values().containsKey(RecordHeaders.REDRIVE);
    return isLate ? Math.max(createdAt, System.currentTimeMillis()) : createdAt;
  }

  /** Returns the headers that describe the event, without the one for its origin. */
  List<Header> headers(OutboxRow row) {
    List<Header> headers = new ArrayList<>(9 + row.headers().values().size());
    add(headers, RecordHeaders.ID, row.id());
    add(headers, RecordHeaders.EVENT_TYPE, row.eventType());
    add(headers, RecordHeaders.AGGREGATE_TYPE, row.aggregateType());
    add(headers, RecordHeaders.AGGREGATE_ID, row.aggregateId());
    row.headers().values().forEach((name, value) -> add(headers, name, value));
    if (format == RecordFormat.CLOUD_EVENTS) {
      // The event's own headers take precedence.
      CloudEventHeaders.of(row)
          .forEach(
              (name, value) -> {
                if (!row.headers().values().containsKey(name)) {
                  add(headers, name, value);
                }
              });
    }
    add(headers, RecordHeaders.DOMAIN, row.domain().name());
    add(headers, RecordHeaders.SHARD, row.origin().shard().value());
    add(headers, RecordHeaders.MAX_RETRIES, Integer.toString(row.maxRetries()));
    return headers;
  }

  static void add(List<Header> headers, String name, String value) {
    headers.add(new RecordHeader(name, value.getBytes(UTF_8)));
  }

  static long bytes(byte[] key, byte[] value, List<Header> headers) {
    long bytes = (long) key.length + value.length;
    for (Header header : headers) {
      bytes += Utils.utf8Length(header.key()) + header.value().length + HEADER_OVERHEAD;
    }
    return bytes;
  }
}
