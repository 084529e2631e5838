package io.sluice.relay.record;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sluice.outbox.RecordHeaders;
import io.sluice.relay.shard.OutboxRow;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.utils.Utils;

/** The headers of one record, as described in {@code docs/records.md}. Used by one thread. */
final class HeaderList {

  /** Maximum bytes of the length fields of a header. */
  private static final int OVERHEAD = 10;

  /** In UTF-8. */
  private static final int MAX_BYTES_OF_CHAR = 3;

  /** Most events have so many headers at most. */
  private static final int USUAL_COUNT = 16;

  private final List<Header> headers = new ArrayList<>(USUAL_COUNT);

  /** Returns the headers that describe an event, without the one for its origin. */
  static HeaderList of(OutboxRow row, RecordFormat format) {
    HeaderList headers = new HeaderList();
    headers.add(RecordHeaders.ID, row.id());
    headers.add(RecordHeaders.EVENT_TYPE, row.eventType());
    headers.add(RecordHeaders.AGGREGATE_TYPE, row.aggregateType());
    headers.add(RecordHeaders.AGGREGATE_ID, row.aggregateId());
    row.headers().values().forEach(headers::add);
    if (format == RecordFormat.CLOUD_EVENTS) {
      headers.addCloudEvent(row);
    }
    headers.add(RecordHeaders.DOMAIN, row.domain().name());
    headers.add(RecordHeaders.SHARD, row.origin().shard().value());
    headers.add(RecordHeaders.MAX_RETRIES, Integer.toString(row.maxRetries()));
    headers.add(RecordHeaders.CREATED_AT, RecordTime.text(row.createdAt()));
    return headers;
  }

  /**
   * Adds the attributes of a CloudEvent in binary mode: CloudEvents 1.0.2, Kafka protocol binding,
   * section 3.2. The record's value is the unchanged payload.
   */
  private void addCloudEvent(OutboxRow row) {
    Set<String> taken = row.headers().values().keySet();
    addIfFree(taken, "ce_specversion", "1.0");
    addIfFree(taken, "ce_id", row.id());
    // A URI reference. Source and id together identify the event.
    addIfFree(
        taken,
        "ce_source",
        "/sluice/%s/%s"
            .formatted(row.origin().shard(), URLEncoder.encode(row.aggregateType(), UTF_8)));
    addIfFree(taken, "ce_type", row.eventType());
    if (!row.aggregateId().isEmpty()) {
      addIfFree(taken, "ce_subject", row.aggregateId());
    }
    addIfFree(taken, "ce_time", RecordTime.text(row.createdAt()));
    addIfFree(
        taken,
        "content-type",
        looksLikeJson(row.payload()) ? "application/json" : "application/octet-stream");
  }

  /** The event's own headers take precedence. */
  private void addIfFree(Set<String> taken, String name, String value) {
    if (!taken.contains(name)) {
      add(name, value);
    }
  }

  /** Judged by the first character, because parsing the payload would cost too much. */
  private static boolean looksLikeJson(byte[] payload) {
    for (byte first : payload) {
      if (!Character.isWhitespace(first)) {
        return "{[\"-0123456789tfn".indexOf(first) >= 0;
      }
    }
    return false;
  }

  void add(String name, String value) {
    add(name, value.getBytes(UTF_8));
  }

  void add(String name, byte[] value) {
    headers.add(new RecordHeader(name, value));
  }

  void remove(Set<String> names) {
    headers.removeIf(header -> names.contains(header.key()));
  }

  List<Header> all() {
    return headers;
  }

  /** Whether a record with these headers has at most this size, judged by an upper bound. */
  boolean isSurelyWithin(long limit, byte[] key, byte[] value) {
    long bytes = (long) key.length + value.length;
    for (Header header : headers) {
      bytes += MAX_BYTES_OF_CHAR * header.key().length() + header.value().length + OVERHEAD;
    }
    return bytes <= limit;
  }

  /** Returns the size of a record with these headers. */
  long recordBytes(byte[] key, byte[] value) {
    long bytes = (long) key.length + value.length;
    for (Header header : headers) {
      bytes += Utils.utf8Length(header.key()) + header.value().length + OVERHEAD;
    }
    return bytes;
  }
}
