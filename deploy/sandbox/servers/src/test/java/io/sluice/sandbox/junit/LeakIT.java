package io.sluice.sandbox.junit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.sluice.sandbox.server.MySqlServer;
import io.sluice.sandbox.server.shared.SharedServers;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;

/** Runs test classes that leak, and checks how they fail. */
class LeakIT {
  private static final CountDownLatch END = new CountDownLatch(1);
  private static final AtomicReference<@Nullable Connection> LEFT_OPEN = new AtomicReference<>();
  private static volatile String database = "";
  private static volatile String user = "";

  @AfterEach
  void clearAway() throws SQLException {
    END.countDown();
    Connection connection = LEFT_OPEN.getAndSet(null);
    if (connection != null) {
      connection.abort(Runnable::run);
    }
  }

  @Test
  void failsAClassThatLeavesAThread() {
    String message = failureOf(LeavesThread.class);
    assertTrue(message.contains("thread \"forgotten-worker\" (WAITING)"), message);
    assertTrue(message.contains("LeakIT.awaitEnd"), message);
  }

  @Test
  void failsAClassThatLeavesAConnectionAndDropsItsDatabaseAllTheSame() throws SQLException {
    String message = failureOf(LeavesConnection.class);
    assertTrue(message.contains(" to database '" + database + "', Sleep"), message);
    assertEquals(0, count("information_schema.schemata WHERE schema_name", database));
    assertEquals(0, count("mysql.user WHERE user", user));
  }

  @Test
  void passesAClassThatLeavesNothing() {
    EngineTestKit.engine("junit-jupiter")
        .selectors(selectClass(LeavesNothing.class))
        .execute()
        .allEvents()
        .assertStatistics(statistics -> statistics.failed(0).succeeded(3));
  }

  private static String failureOf(Class<?> testClass) {
    Event failure =
        EngineTestKit.engine("junit-jupiter")
            .selectors(selectClass(testClass))
            .configurationParameter(SandboxExtension.LEAK_BOUND, "PT0.2S")
            .execute()
            .containerEvents()
            .failed()
            .stream()
            .findFirst()
            .orElseThrow();
    return failure
        .getRequiredPayload(TestExecutionResult.class)
        .getThrowable()
        .map(Throwable::getMessage)
        .orElseThrow();
  }

  private static int count(String where, String value) throws SQLException {
    MySqlServer mysql = SharedServers.get().mysql();
    try (Connection connection = mysql.connect();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery("SELECT COUNT(*) FROM " + where + " = '" + value + "'")) {
      row.next();
      return row.getInt(1);
    }
  }

  private static void awaitEnd() {
    try {
      END.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @SandboxTest
  static class LeavesThread {
    @Test
    void startsAThread() {
      new Thread(LeakIT::awaitEnd, "forgotten-worker").start();
    }
  }

  @SandboxTest
  static class LeavesConnection {
    @Test
    void opensAConnection(Sandbox sandbox) throws SQLException {
      Database left = sandbox.database("left");
      left.run("CREATE TABLE t (id BIGINT PRIMARY KEY)");
      database = left.name();
      user = left.user();
      Connection connection = left.connect();
      LEFT_OPEN.set(connection);
      connection.setAutoCommit(false);
      try (Statement statement = connection.createStatement()) {
        statement.execute("INSERT INTO t VALUES (1)");
      }
    }
  }

  @SandboxTest
  static class LeavesNothing {
    @Test
    void closesAll(Sandbox sandbox) throws SQLException {
      try (Connection connection = sandbox.database("clean").connect()) {
        assertTrue(connection.isValid(1));
      }
      sandbox.topics().create("clean", 1);
    }
  }
}
