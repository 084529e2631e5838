package io.sluice.handlers.internal.deadletter;

import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.record.TimestampType;

/** The record that brought an event, but for key and value, which the event holds. */
public record RecordOrigin(
    String topic,
    int partition,
    long offset,
    long timestamp,
    TimestampType timestampType,
    Headers headers) {

  public RecordOrigin {
    Objects.requireNonNull(topic, "topic");
    Objects.requireNonNull(headers, "headers");
  }

  public static RecordOrigin of(ConsumerRecord<byte[], byte[]> record) {
    return new RecordOrigin(
        record.topic(),
        record.partition(),
        record.offset(),
        record.timestamp(),
        record.timestampType(),
        record.headers());
  }
}
