package io.sluice.relay.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.relay.admin.ShardListing.ListedShard;
import java.util.List;

/** Formats the list of shards. */
final class ShardsReport {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> HEADINGS =
      List.of("SHARD", "PARTITION", "PHASE", "OWNER", "STATE", "READ FROM", "POSITION");

  private ShardsReport() {}

  /** The report. */
  public static String of(List<ListedShard> rows, OutputFormat format) {
    return switch (format) {
      case TEXT -> TextTable.of(HEADINGS, rows.stream().map(ShardsReport::cells).toList());
      case JSON -> json(rows);
    };
  }

  private static List<String> cells(ListedShard row) {
    String id = row.id().value();
    boolean isAlone = row.shards().stream().allMatch(shard -> shard.equals(row.id()));
    return List.of(
        isAlone ? id : id + " " + row.shards(),
        row.partition().map(Object::toString).orElse("-"),
        row.isConfigured() ? row.phase() : row.phase() + " (not configured here)",
        row.owner().map(owner -> owner.relay() + " at " + owner.host()).orElse("-"),
        row.state().isEmpty() ? "-" : row.state(),
        row.moved().orElse("as configured"),
        row.position().isEmpty() ? "-" : row.position());
  }

  private static String json(List<ListedShard> rows) {
    ArrayNode array = JSON.createArrayNode();
    rows.forEach(row -> fill(array.addObject(), row));
    return array.toPrettyString();
  }

  private static void fill(ObjectNode node, ListedShard row) {
    node.put("id", row.id().value());
    ArrayNode shards = node.putArray("shards");
    row.shards().forEach(shard -> shards.add(shard.value()));
    row.partition().ifPresent(partition -> node.put("partition", partition));
    node.put("phase", row.phase());
    node.put("configured", row.isConfigured());
    row.owner()
        .ifPresent(
            owner -> node.putObject("owner").put("relay", owner.relay()).put("host", owner.host()));
    node.put("state", row.state());
    node.put("position", row.position());
    row.moved().ifPresent(address -> node.put("moved", address));
  }
}
