package io.sluice.relay.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.outbox.ShardId;
import io.sluice.relay.mysql.BinlogEnd;
import io.sluice.relay.mysql.ServerIdentity;
import io.sluice.relay.shard.RowOrigin;
import io.sluice.relay.state.Position;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TransactionCursorTest {

  private static final String SERVER = "11111111-2222-3333-4444-555555555555:";
  private static final ShardId ONE = ShardId.of("one");
  private static final ShardId TWO = ShardId.of("two");

  private static final Map<String, Object> UP_TO_9 =
      Position.offsetAt("binlog.000001", 4, SERVER + "1-9");
  private static final Map<String, Object> UP_TO_10 =
      Position.offsetAt("binlog.000001", 400, SERVER + "1-10");

  private static RowOrigin row(ShardId shard, int transaction) {
    return new RowOrigin(shard, SERVER + transaction, true);
  }

  private static Position after(Map<String, Map<ShardId, Long>> published) {
    return new Position(UP_TO_9, published, "history", Optional.empty());
  }

  private static Position within10(long rows) {
    return after(Map.of(SERVER + 10, Map.of(ONE, rows)));
  }

  private static TransactionCursor cursor(Position start) {
    return new TransactionCursor(start, Duration.ofSeconds(10));
  }

  /** Also if it has not moved: a store shows that Kafka accepts what would be published. */
  @Test
  void aPositionWithoutEventsIsStoredAfterTheInterval() {
    assertTrue(new TransactionCursor(after(Map.of()), Duration.ZERO).isWorthStoring());
    assertFalse(cursor(after(Map.of())).isWorthStoring());
  }

  @Test
  void countsRowsOfEachTableWithinEachTransaction() {
    TransactionCursor cursor = cursor(after(Map.of()));

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
    TransactionCursor cursor = cursor(within10(2));

    assertFalse(cursor.isNew(row(ONE, 10)));
    assertTrue(cursor.isNew(row(TWO, 10)));
    assertFalse(cursor.isNew(row(ONE, 10)));
    assertTrue(cursor.isNew(row(ONE, 10)));
    assertTrue(cursor.isNew(row(ONE, 11)));
  }

  @Test
  void keepsTheCountOfTheStartingPositionWhileItsRowsAreReadAgain() {
    TransactionCursor cursor = cursor(within10(5));

    cursor.isNew(row(ONE, 10));
    cursor.moveTo(UP_TO_9, true);

    assertEquals(within10(5), cursor.position());
  }

  @Test
  void aHeartbeatBeforeAnyRowKeepsWhatTheStartingPositionCovers() {
    TransactionCursor cursor = cursor(within10(5));

    cursor.moveTo(UP_TO_9, true);

    assertEquals(within10(5), cursor.position());
    assertFalse(cursor.isNew(row(ONE, 10)));
  }

  @Test
  void dropsATransactionWhenTheOffsetIsPastIt() {
    TransactionCursor cursor = cursor(after(Map.of()));

    cursor.isNew(row(ONE, 10));
    cursor.moveTo(UP_TO_9, true);
    assertEquals(within10(1), cursor.position());

    cursor.moveTo(UP_TO_10, false);
    assertEquals(new Position(UP_TO_10, Map.of(), "history", Optional.empty()), cursor.position());
  }

  @Test
  void keepsATransactionThatAReplicaCommittedLater() {
    TransactionCursor cursor = cursor(within10(5));

    cursor.isNew(row(ONE, 11));
    cursor.moveTo(UP_TO_9, true);

    assertEquals(
        after(Map.of(SERVER + 10, Map.of(ONE, 5L), SERVER + 11, Map.of(ONE, 1L))),
        cursor.position());
    assertFalse(cursor.isNew(row(ONE, 10)));
  }

  @Test
  void withoutGtidsNoRowIsDropped() {
    Position start = Position.first(Position.offsetAt("binlog.000001", 4, ""), "history");
    TransactionCursor cursor = cursor(start);
    RowOrigin row = new RowOrigin(ONE, "binlog.000001:4", false);

    assertTrue(cursor.isNew(row));
    cursor.moveTo(start.offset(), true);

    assertEquals(start, cursor.position());
    assertTrue(cursor.isNew(row));
    assertEquals(2, cursor.ordinal(row));
  }

  @Test
  void aStatementThatIsMissingInTheEnginesOffsetIsPartOfThePositionAfterIt() {
    TransactionCursor cursor = cursor(after(Map.of()));
    BinlogEnd end = end(SERVER + "1-10", SERVER + "1-5");

    cursor.moveTo(Position.offsetAt("binlog.000001", 299, SERVER + "1-9"), true);
    cursor.noteEnd(end);
    assertEquals(Optional.of(SERVER + "1-9"), cursor.position().gtidSet());

    cursor.moveTo(Position.offsetAt("binlog.000001", 300, SERVER + "1-9"), true);
    cursor.noteEnd(end);
    assertEquals(Optional.of(SERVER + "1-10"), cursor.position().gtidSet());

    cursor.moveTo(Position.offsetAt("binlog.000001", 300, SERVER + "1-9"), true);
    assertEquals(Optional.of(SERVER + "1-10"), cursor.position().gtidSet());

    cursor.moveTo(Position.offsetAt("binlog.000001", 500, SERVER + "1-11"), true);
    assertEquals(Optional.of(SERVER + "1-11"), cursor.position().gtidSet());
  }

  /** As in a compressed XA transaction, whose rows all have the offset after the last of them. */
  @Test
  void anEndIsNotPassedAmongRows() {
    TransactionCursor cursor = cursor(after(Map.of()));
    Map<String, Object> amongRows =
        new HashMap<>(Position.offsetAt("binlog.000001", 300, SERVER + "1-9"));
    amongRows.put("event", 2L);

    cursor.isNew(new RowOrigin(ONE, SERVER + "10", true));
    cursor.moveTo(amongRows, true);
    cursor.noteEnd(end(SERVER + "1-10", ""));

    assertEquals(Optional.of(SERVER + "1-9"), cursor.position().gtidSet());
    assertEquals(1, cursor.position().published(SERVER + "10", ONE));
  }

  @Test
  void anOlderEndNeverMovesThePositionBack() {
    TransactionCursor cursor = cursor(after(Map.of()));
    String other = "22222222-3333-4444-5555-666666666666:";
    String read = SERVER + "1-20," + other + "1-3";

    cursor.moveTo(Position.offsetAt("binlog.000001", 900, read), true);
    cursor.noteEnd(end(SERVER + "1-15," + other + "1-4", ""));

    assertEquals(Optional.of(read), cursor.position().gtidSet());
  }

  @Test
  void dropsATransactionWithATaggedGtid() {
    TransactionCursor cursor = cursor(after(Map.of()));

    cursor.isNew(new RowOrigin(ONE, SERVER + "nightly:1", true));
    cursor.moveTo(UP_TO_9, true);
    assertEquals(1, cursor.position().published(SERVER + "nightly:1", ONE));
    cursor.moveTo(Position.offsetAt("binlog.000001", 400, SERVER + "1-9:nightly:1"), true);

    assertEquals(Map.of(), cursor.position().published());
  }

  @Test
  void purgedUnreadTransactionsAreNotPassed() {
    TransactionCursor cursor = cursor(after(Map.of()));
    String other = "22222222-3333-4444-5555-666666666666:";

    cursor.moveTo(Position.offsetAt("binlog.000001", 300, SERVER + "1-9"), true);
    cursor.noteEnd(end(SERVER + "1-10," + other + "1-4", other + "1-4"));

    assertEquals(Optional.of(SERVER + "1-9"), cursor.position().gtidSet());
  }

  private static BinlogEnd end(String executed, String purged) {
    return new BinlogEnd(
        Instant.EPOCH, new ServerIdentity("server", 1), "binlog.000001", 300, executed, purged);
  }
}
