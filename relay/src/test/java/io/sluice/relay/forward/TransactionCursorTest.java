package io.sluice.relay.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.outbox.ShardId;
import io.sluice.relay.decode.RowOrigin;
import io.sluice.relay.publish.RelayPosition;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TransactionCursorTest {

  private static final String SERVER = "11111111-2222-3333-4444-555555555555:";
  private static final ShardId ONE = ShardId.of("one");
  private static final ShardId TWO = ShardId.of("two");

  private static final Map<String, Object> UP_TO_9 =
      RelayPosition.offsetAt("binlog.000001", 4, SERVER + "1-9");
  private static final Map<String, Object> UP_TO_10 =
      RelayPosition.offsetAt("binlog.000001", 400, SERVER + "1-10");

  private static RowOrigin row(ShardId shard, int transaction) {
    return new RowOrigin(shard, SERVER + transaction, true);
  }

  private static RelayPosition after(Map<String, Map<ShardId, Long>> published) {
    return new RelayPosition(UP_TO_9, published, "history", Optional.empty());
  }

  private static RelayPosition within10(long rows) {
    return after(Map.of(SERVER + 10, Map.of(ONE, rows)));
  }

  @Test
  void countsRowsOfEachTableWithinEachTransaction() {
    TransactionCursor cursor = new TransactionCursor(after(Map.of()));

    assertTrue(cursor.isNew(row(ONE, 10)));
    assertTrue(cursor.isNew(row(ONE, 10)));
    assertTrue(cursor.isNew(row(TWO, 10)));
    assertEquals(2, cursor.ordinal(row(ONE, 10)));
    assertEquals(1, cursor.ordinal(row(TWO, 10)));
    assertTrue(cursor.isNew(row(ONE, 11)));
    assertEquals(1, cursor.ordinal(row(ONE, 11)));
  }

  @Test
  void dropsExactlyTheRowsThatTheStartingPositionCovers() {
    TransactionCursor cursor = new TransactionCursor(within10(2));

    assertFalse(cursor.isNew(row(ONE, 10)));
    assertTrue(cursor.isNew(row(TWO, 10)));
    assertFalse(cursor.isNew(row(ONE, 10)));
    assertTrue(cursor.isNew(row(ONE, 10)));
    assertTrue(cursor.isNew(row(ONE, 11)));
  }

  @Test
  void keepsTheCountOfTheStartingPositionWhileItsRowsAreReadAgain() {
    TransactionCursor cursor = new TransactionCursor(within10(5));

    cursor.isNew(row(ONE, 10));
    cursor.moveTo(UP_TO_9);

    assertEquals(within10(5), cursor.position());
  }

  @Test
  void aHeartbeatBeforeAnyRowKeepsWhatTheStartingPositionCovers() {
    TransactionCursor cursor = new TransactionCursor(within10(5));

    cursor.moveTo(UP_TO_9);

    assertEquals(within10(5), cursor.position());
    assertFalse(cursor.isNew(row(ONE, 10)));
  }

  @Test
  void forgetsATransactionWhenTheOffsetLiesBehindIt() {
    TransactionCursor cursor = new TransactionCursor(after(Map.of()));

    cursor.isNew(row(ONE, 10));
    cursor.moveTo(UP_TO_9);
    assertEquals(within10(1), cursor.position());

    cursor.moveTo(UP_TO_10);
    assertEquals(
        new RelayPosition(UP_TO_10, Map.of(), "history", Optional.empty()), cursor.position());
  }

  @Test
  void remembersATransactionThatAReplicaCommittedLater() {
    TransactionCursor cursor = new TransactionCursor(within10(5));

    cursor.isNew(row(ONE, 11));
    cursor.moveTo(UP_TO_9);

    assertEquals(
        after(Map.of(SERVER + 10, Map.of(ONE, 5L), SERVER + 11, Map.of(ONE, 1L))),
        cursor.position());
    assertFalse(cursor.isNew(row(ONE, 10)));
  }

  @Test
  void withoutNumbersNothingIsDropped() {
    RelayPosition start =
        RelayPosition.first(RelayPosition.offsetAt("binlog.000001", 4, ""), "history");
    TransactionCursor cursor = new TransactionCursor(start);
    RowOrigin row = new RowOrigin(ONE, "binlog.000001:4", false);

    assertTrue(cursor.isNew(row));
    cursor.moveTo(start.offset());

    assertEquals(start, cursor.position());
    assertTrue(cursor.isNew(row));
    assertEquals(2, cursor.ordinal(row));
  }

  @Test
  void anUnmovedPositionIsNotStoredAgain() {
    TransactionCursor cursor = new TransactionCursor(after(Map.of()));

    cursor.moveTo(UP_TO_9);

    assertFalse(cursor.isWorthStoring());
  }
}
