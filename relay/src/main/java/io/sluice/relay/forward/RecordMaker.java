package io.sluice.relay.forward;

import io.sluice.outbox.RecordHeaders;
import io.sluice.outbox.ShardId;
import io.sluice.relay.decode.OutboxRow;
import io.sluice.relay.failure.OperatorNeededException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/** Makes a Kafka record of an outbox row; the format is described in {@code docs/records.md}. */
public final class RecordMaker {

  private final ShardId shard;
  private final byte[] shardName;
  private final DomainTopics topics;

  public RecordMaker(ShardId shard, DomainTopics topics) {
    this.shard = shard;
    this.shardName = utf8(shard.value());
    this.topics = topics;
  }

  /**
   * The record of a row.
   *
   * @param ordinal of the row among its transaction's outbox rows, from 1
   * @throws OperatorNeededException if it cannot go to Kafka as it stands
   */
  ProducerRecord<byte[], byte[]> make(OutboxRow row, long ordinal) {
    String topic = topics.of(row.domain()).orElseThrow(() -> unknownDomain(row));
    byte[] key = utf8(row.aggregateId());
    List<Header> headers = headers(row, ordinal);
    refuseTooLarge(row, key, headers, topic);
    long timestamp = row.createdAt().toEpochMilli();
    return new ProducerRecord<>(topic, null, timestamp, key, row.payload(), headers);
  }

  private List<Header> headers(OutboxRow row, long ordinal) {
    List<Header> headers = new ArrayList<>(8 + row.headers().values().size());
    add(headers, RecordHeaders.ID, utf8(row.id()));
    add(headers, RecordHeaders.EVENT_TYPE, utf8(row.eventType()));
    add(headers, RecordHeaders.AGGREGATE_TYPE, utf8(row.aggregateType()));
    add(headers, RecordHeaders.AGGREGATE_ID, utf8(row.aggregateId()));
    row.headers().values().forEach((name, value) -> add(headers, name, utf8(value)));
    add(headers, RecordHeaders.DOMAIN, utf8(row.domain().name()));
    add(headers, RecordHeaders.SHARD, shardName);
    add(headers, RecordHeaders.MAX_RETRIES, utf8(Integer.toString(row.maxRetries())));
    add(headers, RecordHeaders.POSITION, utf8(row.gtid() + ":" + ordinal));
    return headers;
  }

  private static void add(List<Header> headers, String name, byte[] value) {
    headers.add(new RecordHeader(name, value));
  }

  private void refuseTooLarge(OutboxRow row, byte[] key, List<Header> headers, String topic) {
    long bytes = (long) key.length + row.payload().length;
    for (Header header : headers) {
      bytes += header.key().length() + header.value().length;
    }
    if (bytes > topics.maxPayloadBytes()) {
      throw new OperatorNeededException(
          "%s of shard '%s' takes %d bytes, topic %s %d"
              .formatted(row, shard, bytes, topic, topics.maxPayloadBytes()),
          "raise topics.max-message-bytes in the relay's configuration and max.message.bytes of the"
              + " topic");
    }
  }

  private OperatorNeededException unknownDomain(OutboxRow row) {
    return new OperatorNeededException(
        "%s of shard '%s' is of a domain that is not configured; those that are: %s"
            .formatted(row, shard, topics.domains()),
        "add the domain to 'domains' in the relay's configuration and restart it, or correct the"
            + " service that writes it");
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
