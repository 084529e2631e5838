package io.sluice.relay.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.relay.publish.RelayPosition;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TransactionCursorTest {

  private static final Map<String, Object> AT_START = Map.of("gtids", "u:1-9", "pos", 4L);
  private static final Map<String, Object> FURTHER = Map.of("gtids", "u:1-10", "pos", 400L);

  @Test
  void countsRowsWithinEachTransaction() {
    TransactionCursor cursor = new TransactionCursor(RelayPosition.first(AT_START));

    assertTrue(cursor.isNew("u:10"));
    assertEquals(1, cursor.ordinal());
    assertTrue(cursor.isNew("u:10"));
    assertEquals(2, cursor.ordinal());
    assertTrue(cursor.isNew("u:11"));
    assertEquals(1, cursor.ordinal());
  }

  @Test
  void dropsExactlyTheRowsThatTheStartingPositionCovers() {
    TransactionCursor cursor = new TransactionCursor(new RelayPosition(AT_START, "u:10", 2));

    assertFalse(cursor.isNew("u:10"));
    assertFalse(cursor.isNew("u:10"));
    assertTrue(cursor.isNew("u:10"));
    assertTrue(cursor.isNew("u:11"));
  }

  @Test
  void keepsTheCountOfTheStartingPositionWhileItsRowsAreReadAgain() {
    TransactionCursor cursor = new TransactionCursor(new RelayPosition(AT_START, "u:10", 5));

    cursor.isNew("u:10");
    cursor.moveTo(AT_START);

    assertEquals(new RelayPosition(AT_START, "u:10", 5), cursor.position());
  }

  @Test
  void aHeartbeatBeforeAnyRowKeepsWhatTheStartingPositionCovers() {
    TransactionCursor cursor = new TransactionCursor(new RelayPosition(AT_START, "u:10", 5));

    cursor.moveTo(AT_START);

    assertEquals(new RelayPosition(AT_START, "u:10", 5), cursor.position());
    assertFalse(cursor.isNew("u:10"));
  }

  @Test
  void positionNamesTheRowLastSteppedOnto() {
    TransactionCursor cursor = new TransactionCursor(RelayPosition.first(AT_START));

    cursor.isNew("u:10");
    cursor.isNew("u:10");
    cursor.moveTo(AT_START);
    assertEquals(new RelayPosition(AT_START, "u:10", 2), cursor.position());

    cursor.moveTo(FURTHER);
    assertEquals(new RelayPosition(FURTHER, "u:10", 2), cursor.position());
  }

  @Test
  void anUnmovedPositionIsNotStoredAgain() {
    TransactionCursor cursor = new TransactionCursor(RelayPosition.first(AT_START));

    cursor.moveTo(AT_START);

    assertFalse(cursor.isWorthStoring());
  }
}
