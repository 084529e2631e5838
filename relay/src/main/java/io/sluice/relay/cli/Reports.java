package io.sluice.relay.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.relay.admin.Doctor.Diagnosis;
import io.sluice.relay.admin.ListedShard;
import io.sluice.relay.cli.OutputOption.Format;
import io.sluice.relay.group.ShardOwners.Owner;
import io.sluice.relay.preflight.Finding.Severity;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Formats what commands report: as text for operators, as JSON for tools. */
final class Reports {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String GAP = "  ";
  private static final List<String> HEADINGS =
      List.of("SHARD", "PHASE", "STATE", "OWNER", "POSITION");

  /** Widest cell of each column, so that a line fits into 120 characters. */
  private static final List<Integer> WIDTHS = List.of(24, 14, 8, 30, 34);

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

  /** The shards of a group: a table, and below it what does not fit or is out of the ordinary. */
  static String shards(List<ListedShard> rows, Format format) {
    if (format == Format.TEXT) {
      List<List<String>> lines = new ArrayList<>(List.of(HEADINGS));
      rows.forEach(row -> lines.add(cells(row)));
      return Stream.concat(Stream.of(table(lines)), rows.stream().flatMap(Reports::notes))
          .collect(Collectors.joining(System.lineSeparator()));
    }
    ArrayNode array = JSON.createArrayNode();
    rows.forEach(row -> fill(array.addObject(), row));
    return array.toPrettyString();
  }

  private static List<String> cells(ListedShard row) {
    boolean isAlone = row.shards().size() == 1;
    List<String> cells =
        List.of(
            isAlone ? row.id().value() : "%s (%d)".formatted(row.id(), row.shards().size()),
            row.phase(),
            row.state().isEmpty() ? "-" : row.state().split(":", 2)[0],
            row.owner().map(Owner::relay).orElse("-"),
            row.position().isEmpty() ? "-" : row.position());
    return IntStream.range(0, cells.size())
        .mapToObj(column -> shortened(cells.get(column), WIDTHS.get(column)))
        .toList();
  }

  /** Keeps the end, in which names, GTIDs and offsets differ. */
  private static String shortened(String text, int length) {
    return text.length() <= length ? text : "…" + text.substring(text.length() - length + 1);
  }

  private static Stream<String> notes(ListedShard row) {
    List<String> notes = new ArrayList<>();
    if (row.address().isEmpty()) {
      notes.add("not in this configuration");
    }
    row.moved().ifPresent(address -> notes.add("read from " + address + ", as by 're-point'"));
    if (row.state().contains(":")) {
      notes.add(row.state());
    }
    return notes.stream().map(note -> "%s: %s".formatted(row.id(), note));
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
