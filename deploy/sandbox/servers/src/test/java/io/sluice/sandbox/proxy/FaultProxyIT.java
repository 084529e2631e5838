package io.sluice.sandbox.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.sandbox.junit.Account;
import io.sluice.sandbox.junit.Database;
import io.sluice.sandbox.junit.Sandbox;
import io.sluice.sandbox.junit.SandboxTest;
import io.sluice.sandbox.server.MySqlServer;
import io.sluice.sandbox.server.process.Await;
import java.io.Serializable;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests the proxy between a real server and the client that the relay uses. */
@SandboxTest
class FaultProxyIT {
  private static final Duration BOUND = Duration.ofSeconds(30);
  private static final String PLAIN = "sslMode=DISABLED&allowPublicKeyRetrieval=true";

  private final MySqlServer mysql;
  private final Database database;
  private final Account reader;
  private FaultProxy proxy;
  private String before;

  FaultProxyIT(Sandbox sandbox) {
    mysql = sandbox.mysql();
    database = sandbox.database("proxied");
    reader = sandbox.account("reader", "REPLICATION SLAVE, REPLICATION CLIENT ON *.*");
  }

  @BeforeEach
  void open() throws SQLException {
    proxy = FaultProxy.to(mysql.host(), mysql.port());
    database.run(
        """
        DROP TABLE IF EXISTS t;
        CREATE TABLE t (id BIGINT PRIMARY KEY, payload LONGBLOB NOT NULL);
        """);
    before = executed();
  }

  @AfterEach
  void close() {
    proxy.close();
  }

  @Test
  void cutsATransactionAfterTheNthEventAndBringsAllOfItTheNextTime() throws Exception {
    proxy.cutAfterWriteRowsEvents(37, Cut.CLOSE);
    try (DumpClient dump = DumpClient.after(before, proxy, reader)) {
      insertInOneTransaction(100, 10, PLAIN);
      assertTrue(Await.until(BOUND, () -> !dump.isConnected()));
      assertEquals(ids(37), dump.rows());
    }
    assertEquals(37, proxy.traffic().writeRowsEvents());
    assertEquals(1, proxy.traffic().cuts());

    try (DumpClient dump = DumpClient.after(before, proxy, reader)) {
      proxy.awaitTraffic(traffic -> traffic.writeRowsEvents() == 37 + 100, BOUND);
      assertTrue(Await.until(BOUND, () -> dump.rows().size() == 100));
      assertEquals(ids(100), dump.rows());
      assertEquals(2, proxy.traffic().dumps());
    }
  }

  @Test
  void cutsATransactionByAReset() throws Exception {
    proxy.cutAfterWriteRowsEvents(5, Cut.RESET);
    try (DumpClient dump = DumpClient.after(before, proxy, reader)) {
      insertInOneTransaction(100, 10, PLAIN);
      assertTrue(Await.until(BOUND, () -> !dump.isConnected()));
      assertEquals(5, proxy.traffic().writeRowsEvents());
      assertEquals(ids(dump.rows().size()), dump.rows());
      assertTrue(dump.rows().size() <= 5, () -> "rows after the cut: " + dump.rows());
    }
  }

  @Test
  void letsATestDoSomethingWhileAClientStandsInATransaction() throws Exception {
    proxy.holdBeforeWriteRowsEvent(4);
    try (DumpClient dump = DumpClient.after(before, proxy, reader)) {
      insertInOneTransaction(10, 10, PLAIN);
      proxy.awaitTraffic(traffic -> traffic.held() == 1, BOUND);
      assertTrue(Await.until(BOUND, () -> dump.rows().size() == 3));
      database.run("DELETE FROM t WHERE id > 5");
      assertEquals(ids(3), dump.rows());

      proxy.release();
      assertTrue(Await.until(BOUND, () -> dump.rows().size() == 10));
      assertEquals(ids(10), dump.rows());
    }
  }

  /**
   * An event of more than 16 MB is a message of several packets. So is the statement that causes
   * it.
   */
  @Test
  void countsAnEventOfManyPacketsOnce() throws Exception {
    proxy.cutAfterWriteRowsEvents(2, Cut.CLOSE);
    try (DumpClient dump = DumpClient.after(before, proxy, reader)) {
      insertInOneTransaction(3, 17 * 1024 * 1024, PLAIN);
      assertTrue(Await.until(BOUND, () -> !dump.isConnected()));
      assertEquals(ids(2), dump.rows());
      assertEquals(2, proxy.traffic().writeRowsEvents());
    }
  }

  @Test
  void passesAnEncryptedConnectionUnseen() throws Exception {
    insertInOneTransaction(3, 10, "sslMode=REQUIRED");
    assertEquals(1, proxy.traffic().opaque());
    assertEquals("3", query("SELECT COUNT(*) FROM " + database.name() + ".t"));
  }

  /** Inserts through the proxy, which neither cuts nor holds this connection. */
  private void insertInOneTransaction(int rows, int bytes, String parameters) throws SQLException {
    String url = "jdbc:mysql://" + proxy.host() + ":" + proxy.port() + "/" + database.name() + "?";
    try (Connection connection =
            DriverManager.getConnection(url + parameters, database.user(), database.password());
        PreparedStatement insert = connection.prepareStatement("INSERT INTO t VALUES (?, ?)")) {
      connection.setAutoCommit(false);
      for (int id = 1; id <= rows; id++) {
        insert.setLong(1, id);
        insert.setBytes(2, new byte[bytes]);
        insert.executeUpdate();
      }
      connection.commit();
    }
  }

  private String executed() throws SQLException {
    return query("SELECT @@gtid_executed").replace("\n", "");
  }

  private String query(String sql) throws SQLException {
    try (Connection connection = mysql.connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      assertTrue(row.next());
      return row.getString(1);
    }
  }

  private static List<Serializable> ids(int count) {
    return LongStream.rangeClosed(1, count).mapToObj(id -> (Serializable) id).toList();
  }
}
