package io.sluice.writer;

import static io.sluice.writer.WriterTable.event;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.mysql.cj.jdbc.MysqlXADataSource;
import com.mysql.cj.jdbc.MysqlXid;
import io.sluice.outbox.OutboxEvent;
import io.sluice.sandbox.junit.Sandbox;
import io.sluice.sandbox.junit.SandboxTest;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import javax.sql.XAConnection;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The writer in the caller's transaction, and the statements that it executes. */
@Tag("containers")
@SandboxTest
class OutboxWriterIT {

  private final OutboxWriter writer = new OutboxWriter();
  private final WriterTable table;

  OutboxWriterIT(Sandbox sandbox) throws SQLException {
    table = WriterTable.in(sandbox.database("shard"));
  }

  @Test
  void belongsToTheCallersTransaction() throws SQLException {
    try (Connection connection = table.transaction()) {
      writer.append(connection, event().json("{}").build());
      assertEquals("(no row)", table.query("id"));
      connection.rollback();
    }

    assertEquals("(no row)", table.query("id"));
  }

  /** The connection of MySQL's driver is in autocommit mode unless the application changes it. */
  @Test
  void belongsToAnXaTransaction() throws SQLException, XAException {
    MysqlXADataSource source = new MysqlXADataSource();
    source.setUrl(table.database().jdbcUrl());
    source.setUser(table.database().user());
    source.setPassword(table.database().password());
    XAConnection xa = source.getXAConnection();
    try (Connection connection = xa.getConnection()) {
      connection.setAutoCommit(false);
      Xid id = new MysqlXid(UUID.randomUUID().toString().getBytes(UTF_8), new byte[] {1}, 1);
      xa.getXAResource().start(id, XAResource.TMNOFLAGS);
      writer.append(connection, event().json("{}").build());
      xa.getXAResource().end(id, XAResource.TMSUCCESS);
      xa.getXAResource().prepare(id);
      assertEquals("(no row)", table.query("id"));
      xa.getXAResource().commit(id, false);
    } finally {
      xa.close();
    }
    assertEquals("1", table.query("COUNT(*)"));
  }

  @Test
  void doesNotChangeTheConnection() throws SQLException {
    try (Connection connection = table.transaction()) {
      connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);

      writer.append(connection, event().json("{}").build());

      assertFalse(connection.isClosed());
      assertFalse(connection.getAutoCommit());
      assertEquals(Connection.TRANSACTION_READ_COMMITTED, connection.getTransactionIsolation());
      connection.rollback();
    }
  }

  @Test
  void refusesAConnectionInAutocommitMode() throws SQLException {
    try (Connection connection = table.database().connect()) {
      TransactionRequiredException refused =
          assertThrows(
              TransactionRequiredException.class,
              () -> writer.append(connection, event().json("{}").build()));

      assertTrue(String.valueOf(refused.getMessage()).contains("connection.setAutoCommit(false)"));
    }
    assertEquals("(no row)", table.query("id"));
  }

  @Test
  void appendingNothingDoesNothing() throws SQLException {
    try (Connection connection = table.transaction()) {
      writer.append(connection, List.of());
      connection.commit();
    }

    assertEquals("0", table.query("COUNT(*)"));
  }

  @Test
  void writesManyEventsInTheirOrder() throws SQLException {
    List<OutboxEvent> events = new ArrayList<>();
    for (int i = 0; i < 2_500; i++) {
      events.add(event().json("{\"n\":" + i + "}").build());
    }

    try (Connection connection = table.transaction()) {
      writer.append(connection, events);
      connection.commit();
    }

    assertEquals("2500", table.query("COUNT(*)"));
    assertEquals(
        "{\"n\":2499}",
        table.query("MAX(IF(id = '" + events.get(2_499).id() + "', event_data, NULL))"));
  }

  @Test
  void writesMoreThanFitsIntoOnePacket() throws SQLException {
    List<OutboxEvent> events = new ArrayList<>();
    String large = "x".repeat(1 << 20);
    for (int i = 0; i < 35; i++) {
      events.add(event().json("\"" + large + "\"").build());
      events.add(event().json("{}").header("large", large).build());
    }

    try (Connection connection = table.transaction()) {
      writer.append(connection, events);
      connection.commit();
    }

    assertEquals("70", table.query("COUNT(*)"));
  }

  /** The session status counts statements, which are round trips. */
  @Test
  void aThousandEventsAreOneStatement() throws SQLException {
    List<OutboxEvent> events =
        IntStream.range(0, 1_000).mapToObj(i -> event().json("{}").build()).toList();
    try (Connection connection = table.transaction()) {
      long before = statements(connection);
      writer.append(connection, events);
      assertEquals(1, statements(connection) - before - 1, "without the SHOW statement itself");
      connection.commit();
    }
    assertEquals("1000", table.query("COUNT(*)"));
  }

  private static long statements(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SHOW SESSION STATUS LIKE 'Questions'")) {
      row.next();
      return row.getLong(2);
    }
  }
}
