package io.sluice.handlers.internal.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The transitions match the table in docs/architecture.md. */
class StageTest {

  private static final String HEADER = "| Signal |";

  @Test
  void theDocumentedTableHasAllSignalsAndAllStagesButTheFinalOnes() throws IOException {
    List<List<String>> table = documentedTable();
    assertEquals(
        Arrays.stream(Stage.values()).filter(stage -> !stage.isEnd()).map(Enum::name).toList(),
        table.get(0).subList(1, table.get(0).size()));
    assertEquals(
        Arrays.stream(Signal.values()).map(Enum::name).toList(),
        table.stream().skip(1).map(row -> row.get(0)).toList());
  }

  @Test
  void eachCellIsAsDocumented() throws IOException {
    List<List<String>> table = documentedTable();
    List<String> stages = table.get(0);
    for (List<String> row : table.subList(1, table.size())) {
      Signal signal = Signal.valueOf(row.get(0));
      for (int column = 1; column < row.size(); column++) {
        check(Stage.valueOf(stages.get(column)), signal, row.get(column));
      }
    }
  }

  @Test
  void nothingFollowsAFinalStage() {
    for (Signal signal : Signal.values()) {
      check(Stage.DONE, signal, "");
      check(Stage.LOST, signal, "");
    }
  }

  private static void check(Stage stage, Signal signal, String next) {
    if (next.isEmpty()) {
      assertEquals(Optional.empty(), stage.after(signal), stage + " on " + signal);
      assertThrows(IllegalStateException.class, () -> stage.next(signal));
    } else {
      assertEquals(Stage.valueOf(next), stage.next(signal), stage + " on " + signal);
    }
  }

  /** Returns the header and a row for each signal, without the line between them. */
  private static List<List<String>> documentedTable() throws IOException {
    return Files.readAllLines(Path.of("../docs/architecture.md")).stream()
        .dropWhile(line -> !line.startsWith(HEADER))
        .takeWhile(line -> line.startsWith("|"))
        .filter(line -> !line.startsWith("|---"))
        .map(StageTest::cells)
        .toList();
  }

  private static List<String> cells(String line) {
    List<String> cells = List.of(line.split("\\|", -1));
    return cells.subList(1, cells.size() - 1).stream()
        .map(cell -> cell.replace("`", "").strip())
        .toList();
  }

  /** An outstanding event is completed even if its partition is revoked. */
  @Test
  void onlyOutstandingEventsOutliveTheirPartition() {
    for (Stage stage : Stage.values()) {
      boolean canBeLost = stage.after(Signal.PARTITION_LOST).isPresent();
      assertEquals(!stage.isOutstanding() && !stage.isEnd(), canBeLost, stage::name);
    }
  }
}
