package io.sluice.handlers.internal.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StageTest {

  /** Stages from left to right; for each signal the stage that follows, or a dash. */
  private static final String TABLE =
      """
      signal           | QUEUED  | READING  | READY    | CALLED   | SENDING  | WRITING  | PARKING  | DEFERRED | DONE | LOST
      ROW_REQUESTED    | READING | READING  | -        | -        | -        | -        | -        | READING  | -    | -
      ROW_KNOWN        | -       | QUEUED   | -        | -        | -        | -        | -        | -        | -    | -
      TURN_REACHED     | READY   | -        | -        | -        | -        | -        | -        | -        | -    | -
      CALL_STARTED     | -       | -        | CALLED   | -        | -        | -        | -        | -        | -    | -
      LETTER_REQUESTED | -       | -        | -        | SENDING  | -        | -        | -        | -        | -    | -
      WRITE_REQUESTED  | -       | -        | -        | WRITING  | WRITING  | -        | -        | -        | -    | -
      PARK_REQUESTED   | PARKING | -        | -        | -        | -        | -        | -        | -        | -    | -
      RECONSIDERED     | -       | -        | QUEUED   | QUEUED   | QUEUED   | QUEUED   | QUEUED   | -        | -    | -
      MUST_WAIT        | DEFERRED| DEFERRED | DEFERRED | DEFERRED | DEFERRED | DEFERRED | DEFERRED | DEFERRED | -    | -
      FINISHED         | DONE    | -        | -        | DONE     | -        | DONE     | DONE     | -        | -    | -
      PARTITION_LOST   | LOST    | LOST     | LOST     | -        | -        | -        | -        | LOST     | -    | -
      """;

  private static List<String> cells(String line) {
    return Arrays.stream(line.split("\\|", -1)).map(String::strip).toList();
  }

  private static List<String> lines() {
    return TABLE.lines().toList();
  }

  @Test
  void theTableHasAllStagesAndSignals() {
    List<String> stages = cells(lines().get(0));
    assertEquals(
        Arrays.stream(Stage.values()).map(Enum::name).toList(), stages.subList(1, stages.size()));
    assertEquals(
        Arrays.stream(Signal.values()).map(Enum::name).toList(),
        lines().stream().skip(1).map(line -> cells(line).get(0)).toList());
  }

  @Test
  void eachCellIsAsInTheTable() {
    List<String> stages = cells(lines().get(0));
    for (String line : lines().subList(1, lines().size())) {
      List<String> row = cells(line);
      Signal signal = Signal.valueOf(row.get(0));
      for (int column = 1; column < row.size(); column++) {
        check(Stage.valueOf(stages.get(column)), signal, row.get(column));
      }
    }
  }

  private static void check(Stage stage, Signal signal, String next) {
    if (next.equals("-")) {
      assertEquals(Optional.empty(), stage.after(signal), stage + " on " + signal);
      assertThrows(IllegalStateException.class, () -> stage.next(signal));
    } else {
      assertEquals(Stage.valueOf(next), stage.next(signal), stage + " on " + signal);
    }
  }

  /** What a handler, a database or a broker works on must not be forgotten with its partition. */
  @Test
  void onlyOutstandingEventsOutliveTheirPartition() {
    for (Stage stage : Stage.values()) {
      boolean canBeLost = stage.after(Signal.PARTITION_LOST).isPresent();
      assertEquals(!stage.isOutstanding() && !stage.isEnd(), canBeLost, stage::name);
    }
  }
}
