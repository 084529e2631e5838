package io.sluice.relay.cli;

import java.util.ArrayList;
import java.util.List;

/** A table of text; each column is as wide as its widest cell. */
final class TextTable {

  private static final String GAP = "  ";

  private TextTable() {}

  static String of(List<String> headings, List<List<String>> rows) {
    List<List<String>> lines = new ArrayList<>();
    lines.add(headings);
    lines.addAll(rows);
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
}
