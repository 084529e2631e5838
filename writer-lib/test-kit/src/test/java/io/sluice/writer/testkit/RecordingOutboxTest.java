package io.sluice.writer.testkit;

import static io.sluice.writer.testkit.ExpectedEvent.event;
import static io.sluice.writer.testkit.OutboxAssertions.assertThatTransaction;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.outbox.EventDomain;
import io.sluice.outbox.OutboxEvent;
import io.sluice.outbox.ShardDataSources;
import io.sluice.outbox.ShardId;
import io.sluice.writer.EventInsertException;
import io.sluice.writer.EventTooLargeException;
import io.sluice.writer.OutboxService;
import io.sluice.writer.OutboxWriter;
import io.sluice.writer.PayloadException;
import io.sluice.writer.TransactionRequiredException;
import io.sluice.writer.testkit.RecordedTransaction.Outcome;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Savepoint;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RecordingOutboxTest {

  private final RecordingOutbox outbox = new RecordingOutbox();

  private static OutboxEvent.Builder order(String id) {
    return OutboxEvent.builder(EventDomain.PORTFOLIO, "order_created")
        .aggregate("order", id)
        .json("{}");
  }

  private void append(Connection connection, String... ids) {
    for (String id : ids) {
      outbox.writer().append(connection, order(id).build());
    }
  }

  private static ExpectedEvent ofOrder(String id) {
    return event("order_created").aggregate("order", id);
  }

  @Test
  void aCommitMakesEventsWritten() throws SQLException {
    try (Connection connection = outbox.beginTransaction()) {
      append(connection, "1", "2");
      assertEquals(List.of(), outbox.transactions());
      connection.commit();
      append(connection, "3");
      connection.commit();
    }

    assertEquals(2, outbox.transactions().size());
    assertThatTransaction(outbox.transactions().get(0)).wroteExactly(ofOrder("1"), ofOrder("2"));
    assertThatTransaction(outbox.lastTransaction()).wroteExactly(ofOrder("3"));
  }

  @Test
  void aRollbackDiscardsEvents() throws SQLException {
    try (Connection connection = outbox.beginTransaction()) {
      append(connection, "1");
      connection.rollback();
    }

    assertEquals(Outcome.ROLLED_BACK, outbox.lastTransaction().outcome());
    assertEquals(1, outbox.lastTransaction().appended().size());
    assertThatTransaction(outbox.lastTransaction()).wroteNothing();
  }

  @Test
  void closingWithoutACommitDiscardsEvents() throws SQLException {
    try (Connection connection = outbox.beginTransaction()) {
      append(connection, "1");
    }

    assertEquals(1, outbox.transactions().size());
    assertThatTransaction(outbox.lastTransaction()).wroteNothing();
  }

  @Test
  void aRollbackToASavepointDiscardsLaterEvents() throws SQLException {
    try (Connection connection = outbox.beginTransaction()) {
      append(connection, "1");
      Savepoint first = connection.setSavepoint();
      append(connection, "2");
      Savepoint second = connection.setSavepoint("second");
      append(connection, "3");
      connection.rollback(first);
      append(connection, "4");
      assertThrows(SQLException.class, () -> connection.rollback(second));
      connection.releaseSavepoint(first);
      assertThrows(SQLException.class, () -> connection.rollback(first));
      connection.commit();
    }

    assertThatTransaction(outbox.lastTransaction()).wroteExactly(ofOrder("1"), ofOrder("4"));
  }

  @Test
  void turningAutocommitOnCommits() throws SQLException {
    try (Connection connection = outbox.beginTransaction()) {
      append(connection, "1");
      connection.setAutoCommit(true);
      connection.setAutoCommit(false);
    }

    assertEquals(1, outbox.transactions().size());
    assertThatTransaction(outbox.lastTransaction()).wroteExactly(ofOrder("1"));
  }

  @Test
  void aTransactionWithoutEventsIsRecorded() throws SQLException {
    try (Connection connection = outbox.beginTransaction()) {
      connection.commit();
    }

    assertEquals(Outcome.COMMITTED, outbox.lastTransaction().outcome());
    assertThatTransaction(outbox.lastTransaction()).wroteNothing();
  }

  @Test
  void saysWhyThereIsNoLastTransaction() throws SQLException {
    try (Connection connection = outbox.beginTransaction()) {
      append(connection, "1");

      AssertionError none = assertThrows(AssertionError.class, outbox::lastTransaction);

      assertTrue(String.valueOf(none.getMessage()).contains("call commit() on the connection"));
    }
  }

  @Test
  void eachConnectionHasItsOwnTransaction() throws SQLException {
    try (Connection one = outbox.beginTransaction();
        Connection other = outbox.beginTransaction()) {
      append(one, "1");
      append(other, "2");
      one.commit();
      assertThatTransaction(outbox.lastTransaction()).wroteExactly(ofOrder("1"));
      other.rollback();
      assertThatTransaction(outbox.lastTransaction()).wroteNothing();
      assertEquals(one, one);
      assertNotEquals(one, other);
    }
  }

  @Test
  void autocommitModeIsRefused() throws SQLException {
    try (Connection connection = outbox.dataSource().getConnection()) {
      assertTrue(connection.getAutoCommit());
      assertThrows(TransactionRequiredException.class, () -> append(connection, "1"));
      assertThrows(SQLException.class, connection::commit);
      assertThrows(SQLException.class, connection::rollback);
      assertThrows(SQLException.class, connection::setSavepoint);
    }
    assertEquals(List.of(), outbox.transactions());
  }

  @Test
  void eventsAreCheckedByTheRealWriter() throws SQLException {
    RecordingOutbox small =
        new RecordingOutbox(
            OutboxWriter.builder().maxEventBytes(20).headers(e -> Map.of("tenant", "7")));
    try (Connection connection = small.beginTransaction()) {
      assertThrows(
          PayloadException.class,
          () -> small.writer().append(connection, order("1").json("{").build()));
      assertThrows(
          PayloadException.class,
          () -> small.writer().append(connection, order("1").payload(new Object()).build()));
      assertThrows(
          EventTooLargeException.class,
          () -> small.writer().append(connection, order("1").payload("x".repeat(14)).build()));
      small.writer().append(connection, order("1").payload("x".repeat(13)).build());
      connection.commit();
    }

    assertThatTransaction(small.lastTransaction())
        .wroteExactly(ofOrder("1").payloadText("x".repeat(13)).header("tenant", "7"));
  }

  @Test
  void anIdCanBeWrittenOnce() throws SQLException {
    OutboxEvent event = order("1").id(UUID.randomUUID()).build();
    try (Connection connection = outbox.beginTransaction()) {
      outbox.writer().append(connection, event);
      connection.rollback();
      outbox.writer().append(connection, event);
      refuses(connection, event, "use a new id");
      connection.commit();
      refuses(connection, event, "use a new id");
      refuses(connection, order("2").build(), event, "use a new id");
      connection.commit();
    }
    assertThatTransaction(outbox.lastTransaction()).wroteNothing();
  }

  private void refuses(Connection connection, OutboxEvent event, String advice) {
    refuses(connection, order("3").build(), event, advice);
  }

  private void refuses(Connection connection, OutboxEvent one, OutboxEvent other, String advice) {
    EventInsertException refused =
        assertThrows(
            EventInsertException.class, () -> outbox.writer().append(connection, one, other));
    assertTrue(String.valueOf(refused.getMessage()).contains(advice), refused.getMessage());
  }

  @Test
  void aReadOnlyOrClosedConnectionRefusesEvents() throws SQLException {
    Connection connection = outbox.beginTransaction();
    connection.setReadOnly(true);
    refuses(connection, order("1").build(), "is read-only");
    connection.close();
    assertTrue(connection.isClosed());
    assertFalse(connection.isValid(0));
    refuses(connection, order("1").build(), "is closed");
    assertThrows(SQLException.class, connection::commit);
  }

  @Test
  void methodsThatNeedADatabaseThrow() throws SQLException {
    try (Connection connection = outbox.beginTransaction()) {
      SQLFeatureNotSupportedException refused =
          assertThrows(
              SQLFeatureNotSupportedException.class, () -> connection.prepareStatement("SELECT 1"));

      assertEquals(
          "Connection.prepareStatement needs a database, and a RecordingOutbox has none: use a fake of"
              + " the code that calls it, or a real database; for an OutboxWriter use the writer() of"
              + " the RecordingOutbox",
          refused.getMessage());
    }
    try (Connection connection = outbox.beginTransaction()) {
      DatabaseMetaData metaData = connection.getMetaData();
      assertTrue(metaData.supportsSavepoints());
      assertThrows(SQLFeatureNotSupportedException.class, metaData::getURL);
    }
    assertThrows(
        SQLFeatureNotSupportedException.class, () -> outbox.dataSource().getConnection("a", "b"));
  }

  @Test
  void aForeignConnectionIsRefused() {
    Connection foreign =
        (Connection)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {Connection.class},
                (proxy, method, arguments) -> {
                  if (method.getName().equals("getAutoCommit")) {
                    return false;
                  }
                  throw new SQLException("wraps nothing");
                });

    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> append(foreign, "1"));

    assertTrue(String.valueOf(refused.getMessage()).contains("is not one of a RecordingOutbox"));
  }

  /** Pools and Spring wrap connections. */
  @Test
  void aConnectionMayBeWrapped() throws SQLException {
    try (Connection connection = outbox.beginTransaction()) {
      Connection wrapped =
          (Connection)
              Proxy.newProxyInstance(
                  getClass().getClassLoader(),
                  new Class<?>[] {Connection.class},
                  (proxy, method, arguments) -> method.invoke(connection, arguments));
      append(wrapped, "1");
      wrapped.commit();
    }

    assertThatTransaction(outbox.lastTransaction()).wroteExactly(ofOrder("1"));
  }

  @Test
  void servesAnOutboxServiceOfSeveralShards() {
    RecordingOutbox second = new RecordingOutbox();
    OutboxService service =
        new OutboxService(
            ShardDataSources.of(
                Map.of(ShardId.of(1), outbox.dataSource(), ShardId.of(2), second.dataSource())),
            outbox.writer());

    service.publish(ShardId.of(2), order("2").build());
    service.publish(ShardId.of(1), order("1").build());

    assertEquals(1, outbox.transactions().size());
    assertThatTransaction(outbox.lastTransaction()).wroteExactly(ofOrder("1"));
    assertThatTransaction(second.lastTransaction()).wroteExactly(ofOrder("2"));
  }
}
