package io.sluice.relay.publish;

import io.sluice.relay.shard.OutboxRow;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The attributes of a CloudEvent in binary mode: CloudEvents 1.0.2, Kafka protocol binding, section
 * 3.2. The record's value is the unchanged payload.
 */
final class CloudEventHeaders {

  private static final String JSON = "application/json";
  private static final String BYTES = "application/octet-stream";

  private CloudEventHeaders() {}

  static Map<String, String> of(OutboxRow row) {
    Map<String, String> attributes = new LinkedHashMap<>();
    attributes.put("ce_specversion", "1.0");
    attributes.put("ce_id", row.id());
    attributes.put("ce_source", source(row));
    attributes.put("ce_type", row.eventType());
    if (!row.aggregateId().isEmpty()) {
      attributes.put("ce_subject", row.aggregateId());
    }
    attributes.put("ce_time", DateTimeFormatter.ISO_INSTANT.format(row.createdAt()));
    attributes.put("content-type", looksLikeJson(row.payload()) ? JSON : BYTES);
    return attributes;
  }

  /** A URI reference. Source and id together identify the event. */
  private static String source(OutboxRow row) {
    return "/sluice/%s/%s"
        .formatted(
            row.origin().shard(), URLEncoder.encode(row.aggregateType(), StandardCharsets.UTF_8));
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
}
