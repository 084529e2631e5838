package io.sluice.handlers.internal.deadletter;

import io.sluice.handlers.internal.status.RowState;
import io.sluice.outbox.RecordHeaders;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/** The record of an event, except key and value, which the event contains. */
public record RecordOrigin(
    String topic,
    int partition,
    long offset,
    long timestamp,
    TimestampType timestampType,
    Headers headers) {

  // Positions without GTIDs do not match. Since MySQL 8.3, a GTID can have a tag.
  private static final Pattern NUMBERED =
      Pattern.compile(
          "(\\p{XDigit}{8}(?:-\\p{XDigit}{4}){3}-\\p{XDigit}{12}(?::\\w{1,32})?:[0-9]+):[0-9]+");

  public RecordOrigin {
    Objects.requireNonNull(topic, "topic");
    Objects.requireNonNull(headers, "headers");
  }

  /** The GTID of the transaction that wrote the event's row, if the server has GTIDs. */
  public Optional<String> transaction() {
    return header(RecordHeaders.POSITION)
        .map(NUMBERED::matcher)
        .filter(Matcher::matches)
        .map(numbered -> numbered.group(1));
  }

  /** The number of redrives of the event at the time when its record was written. */
  public int redrives() {
    return RowState.redrives(header(RecordHeaders.REDRIVE).orElse(null));
  }

  private Optional<String> header(String name) {
    @Nullable Header header = headers.lastHeader(name);
    return header == null || header.value() == null
        ? Optional.empty()
        : Optional.of(new String(header.value(), StandardCharsets.UTF_8));
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
