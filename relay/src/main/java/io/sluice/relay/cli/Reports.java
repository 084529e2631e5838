package io.sluice.relay.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.relay.admin.Doctor.Diagnosis;
import io.sluice.relay.admin.ListedShard;
import io.sluice.relay.cli.OutputOption.Format;
import io.sluice.relay.preflight.Finding.Severity;
import java.util.List;
import java.util.stream.Stream;

/** Formats what commands report: as text for operators, as JSON for tools. */
final class Reports {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String GAP = "  ";
  private static final List<String> HEADINGS =
      List.of("SHARD", "PARTITION", "PHASE", "OWNER", "STATE", "READ FROM", "POSITION");

  private Reports() {}

  /** The findings of the doctor. */
  static String findings(List<Diagnosis> found, Format format) {
    long errors = count(found, Severity.ERROR);
    long warnings = count(found, Severity.WARNING);
    if (format == Format.TEXT) {
      StringBuilder text = new StringBuilder();
      found.forEach(
          one ->
              text.append(
                  "%s: %s: %s%n  To fix it: %s%n"
                      .formatted(
                          one.subject(),
                          one.finding().severity(),
                          one.finding().problem(),
                          one.finding().remedy())));
      return text + "%d error(s), %d warning(s)".formatted(errors, warnings);
    }
    ObjectNode report = JSON.createObjectNode().put("errors", errors).put("warnings", warnings);
    ArrayNode findings = report.putArray("findings");
    found.forEach(
        one ->
            findings
                .addObject()
                .put("subject", one.subject())
                .put("severity", one.finding().severity().name())
                .put("problem", one.finding().problem())
                .put("remedy", one.finding().remedy()));
    return report.toPrettyString();
  }

  /** The number of findings of this severity. */
  static long count(List<Diagnosis> found, Severity severity) {
    return found.stream().filter(one -> one.finding().severity() == severity).count();
  }

  /** The shards of a group. */
  static String shards(List<ListedShard> rows, Format format) {
    if (format == Format.TEXT) {
      return table(Stream.concat(Stream.of(HEADINGS), rows.stream().map(Reports::cells)).toList());
    }
    ArrayNode array = JSON.createArrayNode();
    rows.forEach(row -> fill(array.addObject(), row));
    return array.toPrettyString();
  }

  private static List<String> cells(ListedShard row) {
    String id = row.id().value();
    boolean isAlone = row.shards().stream().allMatch(shard -> shard.equals(row.id()));
    return List.of(
        isAlone ? id : id + " " + row.shards(),
        row.registered().map(shard -> Integer.toString(shard.partition())).orElse("-"),
        row.address().isPresent() ? row.phase() : row.phase() + " (not configured here)",
        row.owner().map(owner -> owner.relay() + " at " + owner.host()).orElse("-"),
        row.state().isEmpty() ? "-" : row.state(),
        row.moved().orElse("as configured"),
        row.position().isEmpty() ? "-" : row.position());
  }

  /** Lines of cells; each column is as wide as its widest cell. */
  private static String table(List<List<String>> lines) {
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

  private static void fill(ObjectNode node, ListedShard row) {
    node.put("id", row.id().value());
    ArrayNode shards = node.putArray("shards");
    row.shards().forEach(shard -> shards.add(shard.value()));
    row.registered().ifPresent(shard -> node.put("partition", shard.partition()));
    node.put("phase", row.phase());
    node.put("configured", row.address().isPresent());
    row.owner()
        .ifPresent(
            owner -> node.putObject("owner").put("relay", owner.relay()).put("host", owner.host()));
    node.put("state", row.state());
    node.put("position", row.position());
    row.moved().ifPresent(address -> node.put("moved", address));
  }
}
