package io.sluice.handlers.internal.table;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class RowRefusalTest {

  private static RowRefusal of(String state, int error) {
    return RowRefusal.of(new SQLException("refused", state, error));
  }

  @Test
  void aRowThatOthersHoldIsLocked() {
    assertEquals(RowRefusal.LOCKED, of("40001", 1205));
    assertEquals(RowRefusal.LOCKED, of("40001", 1213));
  }

  @Test
  void aRowThatIsNotToBeLikeThisIsInvalid() {
    assertEquals(RowRefusal.INVALID, of("HY000", 3819), "a check constraint");
    assertEquals(RowRefusal.INVALID, of("22001", 1406), "data too long");
    assertEquals(RowRefusal.INVALID, of("23000", 1062), "a duplicate");
    assertEquals(RowRefusal.INVALID, of("45000", 1644), "a trigger");
  }

  @Test
  void allElseIsTheShards() {
    assertEquals(RowRefusal.NONE, of("08S01", 0));
    assertEquals(RowRefusal.NONE, of("42000", 1142));
    assertEquals(RowRefusal.NONE, RowRefusal.of(new SQLException("without a state")));
  }
}
