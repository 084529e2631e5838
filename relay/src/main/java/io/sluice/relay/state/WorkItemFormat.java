package io.sluice.relay.state;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.outbox.ShardId;
import io.sluice.relay.state.WorkItem.AwaitCommit;
import io.sluice.relay.state.WorkItem.MarkFailed;
import io.sluice.relay.state.WorkItem.ReconcileGap;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/** JSON format of work items: objects with a {@code kind}. */
final class WorkItemFormat {

  private static final String KIND = "kind";
  private static final String FAILED = "failed";
  private static final String PREPARED = "prepared";
  private static final String GAP = "gap";
  private static final String REDRIVE = "redrive";

  private static final ObjectMapper JSON = new ObjectMapper();

  private WorkItemFormat() {}

  /** Formats a work item as the value of a record. */
  static byte[] toJson(WorkItem item) {
    ObjectNode node = JSON.createObjectNode().put("shard", item.shard().value());
    if (item instanceof MarkFailed failed) {
      node.put(KIND, FAILED).put("event", failed.eventId()).put("reason", failed.reason());
      failed.redrive().ifPresent(redrive -> node.put(REDRIVE, redrive));
    } else if (item instanceof AwaitCommit prepared) {
      node.put(KIND, PREPARED)
          .put("event", prepared.eventId())
          .put("transaction", prepared.transaction());
    } else if (item instanceof ReconcileGap gap) {
      node.put(KIND, GAP).put("until", gap.until().toString()).put("cause", gap.cause());
      gap.from().ifPresent(from -> node.put("from", from.toString()));
    }
    return node.toString().getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Parses the output of {@link #toJson}.
   *
   * @throws IllegalArgumentException if it is not a valid work item
   */
  static WorkItem fromJson(byte[] json) {
    try {
      JsonNode node = JSON.readTree(json);
      ShardId shard = ShardId.of(text(node, "shard"));
      return switch (text(node, KIND)) {
        case FAILED ->
            new MarkFailed(
                shard,
                text(node, "event"),
                node.has(REDRIVE) ? Optional.of(text(node, REDRIVE)) : Optional.empty(),
                text(node, "reason"));
        case PREPARED -> new AwaitCommit(shard, text(node, "event"), text(node, "transaction"));
        case GAP ->
            new ReconcileGap(
                shard,
                node.has("from")
                    ? Optional.of(Instant.parse(text(node, "from")))
                    : Optional.empty(),
                Instant.parse(text(node, "until")),
                text(node, "cause"));
        default -> throw new IllegalArgumentException("unknown kind of work item: " + node);
      };
    } catch (IOException | DateTimeException e) {
      throw new IllegalArgumentException("work item cannot be parsed: " + e.getMessage(), e);
    }
  }

  private static String text(JsonNode node, String field) {
    if (!node.path(field).isTextual()) {
      throw new IllegalArgumentException("work item has no field '%s'".formatted(field));
    }
    return node.path(field).asText();
  }
}
