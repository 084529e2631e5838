package io.sluice.relay.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.relay.admin.ShardListing.ListedShard;
import io.sluice.relay.cli.OutputOption.Format;
import java.util.List;
import java.util.stream.Stream;

/** Formats the list of shards. */
final class ShardsReport {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String GAP = "  ";
  private static final List<String> HEADINGS =
      List.of("SHARD", "PARTITION", "PHASE", "OWNER", "STATE", "READ FROM", "POSITION");

  private ShardsReport() {}

  /** The report. */
  static String of(List<ListedShard> rows, Format format) {
    return switch (format) {
      case TEXT -> text(rows);
      case JSON -> json(rows);
    };
  }

  /** A table in which each column is as wide as its widest cell. */
  private static String text(List<ListedShard> rows) {
    List<List<String>> lines =
        Stream.concat(Stream.of(HEADINGS), rows.stream().map(ShardsReport::cells)).toList();
    StringBuilder text = new StringBuilder();
    for (List<String> line : lines) {
      StringBuilder columns = new StringBuilder();
      for (int column = 0; column < line.size(); column++) {
        String cell = line.get(column);
        columns.append(cell).append(" ".repeat(width(lines, column) - cell.length())).append(GAP);
      }
      text.append(columns.toString().stripTrailing()).append(System.lineSeparator());
    }
    return text.toString().stripTrailing();
  }

  private static int width(List<List<String>> lines, int column) {
    return lines.stream().mapToInt(line -> line.get(column).length()).max().orElse(0);
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
