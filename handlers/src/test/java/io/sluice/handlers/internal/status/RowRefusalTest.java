package io.sluice.handlers.internal.status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
    assertEquals(RowRefusal.INVALID, of("S1009", 0), "no value for the driver");
  }

  @Test
  void aServerThatTakesNoWritesIsReadOnlyWhateverIsMadeOfIt() {
    assertEquals(RowRefusal.READ_ONLY, of("HY000", 1290));
    assertEquals(RowRefusal.READ_ONLY, of("HY000", 1836));
    SQLException refused = new SQLException("read only", "HY000", 1290);
    assertTrue(RowRefusal.isReadOnlyBehind(new IllegalStateException(new Exception(refused))));
    assertFalse(RowRefusal.isReadOnlyBehind(new SQLException("too long", "22001", 1406)));
  }

  @Test
  void causesThatAreARingHaveAnEnd() {
    Exception one = new Exception("one");
    one.initCause(new Exception("two", one));
    assertFalse(RowRefusal.isReadOnlyBehind(one));
  }

  @Test
  void aServerWithoutRoomIsNotARowsFault() {
    assertEquals(RowRefusal.NONE, of("HY000", 1114));
    assertEquals(RowRefusal.UNKNOWN, of("HY000", 1366));
  }

  @Test
  void aTriggerMayHaveAStateOfItsOwn() {
    assertEquals(RowRefusal.UNKNOWN, of("TRADE", 1644));
  }

  @Test
  void connectionsAndRightsAreTheShards() {
    assertEquals(RowRefusal.NONE, of("08S01", 0));
    assertEquals(RowRefusal.NONE, of("42000", 1142));
    assertEquals(RowRefusal.NONE, RowRefusal.of(new SQLException("without a state")));
  }
}
